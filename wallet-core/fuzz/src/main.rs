//! Hostile input for every parser of outside bytes, on stable Rust.
//!
//! `wallet-fuzz [--seconds 60] [--only baked|link|jose|qr|capsule|city|judge] [--seed N]`
//!
//! Each target runs for so long on mutations of its seeds; inputs with an outcome that was not seen before become seeds too. A panic
//! or an execution of more than five seconds is written to `artifacts/` and fails the run. The counts of executions are printed.

mod mutate;
mod seeds;
mod targets;

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use mutate::Mutator;
use targets::{TARGETS, Target};

/// Longer than this is a hang: what a person picked has to get an answer.
const TOO_LONG: Duration = Duration::from_secs(5);

struct Options {
    seconds: u64,
    only: Option<String>,
    seed: u64,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(text) => {
            eprintln!("{text}\nUsage: wallet-fuzz [--seconds N] [--only TARGET] [--seed N]");
            return ExitCode::from(64);
        }
    };
    // Findings are reported below; readers that catch their own panics stay quiet.
    std::panic::set_hook(Box::new(|_| {}));
    let mut findings = 0;
    for target in TARGETS.iter().filter(|target| options.only.as_deref().is_none_or(|only| only == target.name)) {
        findings += run(target, &options);
    }
    if findings > 0 {
        println!("{findings} findings: see wallet-core/fuzz/artifacts");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn options() -> Result<Options, String> {
    let mut options = Options { seconds: 60, only: None, seed: 1 };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{value} is no number"));
        match name.as_str() {
            "--seconds" => options.seconds = number()?,
            "--seed" => options.seed = number()?,
            "--only" if TARGETS.iter().any(|target| target.name == value) => options.only = Some(value),
            _ => return Err(format!("{name} {value} is not known")),
        }
    }
    Ok(options)
}

/// Runs one target for its time; answers the number of findings.
fn run(target: &Target, options: &Options) -> usize {
    let mut seeds = (target.seeds)();
    let planted = seeds.len();
    let mut mutator = Mutator::new(options.seed);
    let mut outcomes = HashSet::new();
    let (mut executions, mut findings, mut slowest) = (0_u64, 0, Duration::ZERO);
    let begin = Instant::now();
    // Every seed as it is, first; then mutations until the time is over.
    while (executions as usize) < planted || begin.elapsed() < Duration::from_secs(options.seconds) {
        let input = match seeds.get(executions as usize) {
            Some(seed) if (executions as usize) < planted => seed.clone(),
            _ => mutator.mutate(&seeds, target.shape),
        };
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        let took = started.elapsed();
        slowest = slowest.max(took);
        executions += 1;
        match outcome {
            Err(_) => findings += keep(target.name, "panic", &input),
            Ok(_) if took > TOO_LONG => findings += keep(target.name, "hang", &input),
            Ok(outcome) => {
                if outcomes.insert(outcome) && executions as usize > planted {
                    seeds.push(input);
                }
            }
        }
    }
    println!(
        "fuzz {:<6} {executions:>9} executions in {:>3} s, {planted} seeds, {} outcomes, slowest {} ms, {findings} findings",
        target.name,
        begin.elapsed().as_secs(),
        outcomes.len(),
        slowest.as_millis()
    );
    findings
}

/// Writes an input that went wrong, to be looked at.
fn keep(target: &str, what: &str, input: &[u8]) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
    let file = folder.join(format!("{target}-{what}-{:016x}", mutate::hash(input)));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, input));
    println!(
        "fuzz {target}: {what}, {} bytes, {}",
        input.len(),
        if written.is_ok() { file.display().to_string() } else { "not written".into() }
    );
    1
}
