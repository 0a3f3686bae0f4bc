//! Questions asked at the same time, answered by one trip to the engine.
//!
//! Whoever asks while answers are on their way waits for a turn, and then asks for
//! all who wait. Nothing is remembered: each answer is read after its question was
//! asked, so that a token revoked or a filing made just before counts.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, oneshot};

/// Trips under way at once: while one is answered another one is prepared.
const TURNS: usize = 1;

type Waiting<Q, A> = Vec<(Q, oneshot::Sender<A>)>;

/// Those who wait for answers of one kind.
#[derive(Debug)]
pub struct Together<Q, A> {
    waiting: Mutex<Waiting<Q, A>>,
    turns: Semaphore,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turns: Semaphore::new(TURNS) }
    }
}

impl<Q: Clone, A> Together<Q, A> {
    /// The answer to a question; `answers` gives as many as it is given questions, in their order.
    ///
    /// # Errors
    /// That of `answers`, when it was this caller's turn: the others try again.
    pub async fn ask<E, F>(&self, question: Q, answers: impl Fn(Vec<Q>) -> F) -> Result<A, E>
    where
        F: Future<Output = Result<Vec<A>, E>>,
    {
        loop {
            let (sender, mut mine) = oneshot::channel();
            self.waiting().push((question.clone(), sender));
            let turn = tokio::select! {
                biased;
                answered = &mut mine => match answered {
                    Ok(answer) => return Ok(answer),
                    // Whoever asked for us gave up or failed.
                    Err(_dropped) => continue,
                },
                turn = self.turns.acquire() => turn,
            };
            let (questions, senders): (Vec<Q>, Vec<_>) =
                std::mem::take(&mut *self.waiting()).into_iter().unzip();
            if !questions.is_empty() {
                for (sender, answer) in senders.into_iter().zip(answers(questions).await?) {
                    // One who went away needs no answer.
                    let _gone = sender.send(answer);
                }
            }
            drop(turn);
            // Ours was among them, or another one asks it already.
            if let Ok(answer) = mine.await {
                return Ok(answer);
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<Q, A>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Doubles, slowly, counting its trips; the second one fails.
    async fn doubled(trips: &AtomicUsize, questions: Vec<u32>) -> Result<Vec<u32>, String> {
        let before = trips.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        if before == 1 {
            return Err("outage".to_owned());
        }
        Ok(questions.iter().map(|question| question * 2).collect())
    }

    #[tokio::test]
    async fn everyone_gets_their_own_answer_by_few_trips() {
        let (together, trips) = (Together::default(), AtomicUsize::new(2));
        let asked = (100..200_u32).map(|question| together.ask(question, |all| doubled(&trips, all)));
        let answers = futures_util::future::join_all(asked).await;
        assert!(
            answers.iter().zip(100..).all(|(answer, question)| *answer == Ok(question * 2)),
            "{answers:?}"
        );
        assert!(trips.load(Ordering::SeqCst) <= 6, "{trips:?}");
    }

    #[tokio::test]
    async fn one_who_fails_or_goes_away_leaves_the_others_their_answers() {
        let (together, trips) = (Together::default(), AtomicUsize::new(0));
        let (together, trips) = (&together, &trips);
        let asked = (0..50_u32).map(async |question| {
            let answer = together.ask(question, |all| doubled(trips, all));
            let patience = Duration::from_millis(if question.is_multiple_of(5) { 3 } else { 10_000 });
            (question, tokio::time::timeout(patience, answer).await)
        });
        let answers = futures_util::future::join_all(asked).await;
        let failed = answers.iter().filter(|(_, answer)| matches!(answer, Ok(Err(_)))).count();
        assert!(failed <= 1, "only the one whose turn it was");
        for (question, answer) in answers {
            match answer {
                Ok(answer) => assert!(answer.is_err() || answer == Ok(question * 2)),
                Err(_gave_up) => assert!(question.is_multiple_of(5)),
            }
        }
        assert_eq!(together.ask(7, |all| doubled(trips, all)).await, Ok(14), "nobody is waited for any more");
    }
}
