//! Those who run the service see it, and it holds under what is thrown at it: the real program, over real sockets.

mod limits;
mod logs;
mod metrics;
mod probes;
mod program;
mod replica;
mod stop;
mod traces;
