//! The native side of the bench: reads `index runs` on standard input, runs that kernel so many times, and answers with the seconds
//! of processor time that it took, and the number that it arrived at.

use std::io::{self, BufRead, Write};

#[cfg(not(target_arch = "wasm32"))]
fn main() -> io::Result<()> {
    use cpu_time::ThreadTime;
    use yansuan_bench::kernels::{KERNELS, Task};

    let mut tasks: Vec<Option<Task>> = KERNELS.iter().map(|_| None).collect();
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split(' ').map(|word| word.parse::<usize>().ok());
        let (Some(Some(index)), Some(Some(runs))) = (words.next(), words.next()) else { break };
        let (Some(kernel), Some(slot)) = (KERNELS.get(index), tasks.get_mut(index)) else { break };
        let task = slot.get_or_insert_with(kernel.begin);
        let start = ThreadTime::now();
        let mut result = 0.0;
        for _ in 0..runs {
            result = task();
        }
        writeln!(out, "{} {result:e}", start.elapsed().as_secs_f64())?;
        out.flush()?;
    }
    Ok(())
}

#[cfg(target_arch = "wasm32")]
fn main() {}
