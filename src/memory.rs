//! Where the program takes its memory from (ADR 8).

/// What is taken on one thread is given back on another: rows come from SQLite's own. The
/// system's allocator makes both wait for each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Asks the kernel for small pages from now on. A large one is cleared whole when it is first touched, 2 MiB for a
/// thread that needs some kilobytes: a command spent more on that than on its work.
pub fn take_small_pages() {
    #[cfg(target_os = "linux")]
    // A kernel without large pages has nothing to switch off.
    let _unsupported = rustix::thread::disable_transparent_huge_pages(true);
}
