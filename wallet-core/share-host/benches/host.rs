//! The share host beside nginx on this machine, over loopback: links made and opened a second, and the memory that 100,000 of them
//! take. wrk asks both in turns, on as many connections, for as many pieces of one size; each writes a line of log a request.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{Action, LinkId, LinkKey, Manage, ManageKey, Seal};
use serde_json::json;

const LINKS: usize = 100_000;
/// Made and sent at once: what is made is not timed.
const AT_ONCE: usize = 4000;
const WRITERS: usize = 8;
/// Between them, the disk alone.
const SYNCED: usize = 200;
/// Opened, each as likely as any other.
const READ: usize = 20_000;
const CONNECTIONS: usize = 32;
const ROUNDS: usize = 3;
const SECONDS: usize = 5;
/// A disk that is very slow gets fewer links, and the table says how many.
const LONGEST: Duration = Duration::from_secs(400);
const ORIGIN: &str = "https://delen.example";

/// What wrk runs. Its requests are made before it begins, so that both servers are asked at the same cost.
const SCRIPT: &str = r#"
local requests = {}
init = function()
  for id in io.lines(os.getenv("IDS")) do
    if os.getenv("FILES") then
      requests[#requests + 1] = wrk.format("GET", "/" .. id)
    else
      requests[#requests + 1] = wrk.format("POST", "/v1/open", { ["Content-Type"] = "application/json" }, '{"id":"' .. id .. '"}')
    end
  end
end
request = function() return requests[math.random(#requests)] end
done = function(summary, latency)
  local e = summary.errors
  print("RESULT", summary.requests, summary.duration, e.connect, e.read, e.write, e.status, e.timeout, latency:percentile(99))
end
"#;

/// A process of ours, and the ones that it began.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn host(folder: &Path) -> Self {
        let log = File::create(folder.join("host.log")).expect("a log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_badge-share-host"))
            .args(["--listen", "127.0.0.1:0", "--origin", ORIGIN])
            .args(["--opens-a-minute", "4000000000", "--changes-a-minute", "4000000000"])
            .arg("--data")
            .arg(folder.join("data"))
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the host");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit('/').next().and_then(|address| address.parse().ok()).expect("an address");
        Self { child, address }
    }

    fn nginx(program: &Path, folder: &Path) -> Self {
        // Free when it was asked for; nobody else starts servers in a measurement.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let temporary =
            ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|name| format!("{name}_temp_path {name};")).concat();
        let config = format!(
            "user root; worker_processes {workers}; daemon off; pid nginx.pid; error_log stderr;
             events {{ worker_connections 512; }}
             http {{ {temporary} access_log nginx.log; default_type application/octet-stream;
               sendfile on; tcp_nopush on; keepalive_requests 1000000000;
               server {{ listen {address}; root files; }} }}"
        );
        fs::write(folder.join("nginx.conf"), config).expect("a file");
        let child = Command::new(program)
            .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
            .arg(folder)
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx");
        let server = Self { child, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(5), "nginx does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn processes(&self) -> Vec<u32> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        children.split_whitespace().filter_map(|id| id.parse().ok()).chain([own]).collect()
    }

    /// Resident memory that is its own, in MiB.
    fn memory(&self) -> f64 {
        let of = |id: u32| {
            let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a running process");
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
            line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1024.0
        };
        self.processes().into_iter().map(of).sum()
    }

    /// Seconds of processor time so far, at Linux' hundred ticks a second.
    fn processor(&self) -> f64 {
        let of = |id: u32| {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("a running process");
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            (fields[11].parse::<f64>().expect("a number") + fields[12].parse::<f64>().expect("a number")) / 100.0
        };
        self.processes().into_iter().map(of).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // nginx's workers end with their master only when it is asked.
        for id in self.processes() {
            drop(Command::new("kill").arg(id.to_string()).status());
        }
        drop(self.child.wait());
    }
}

/// One new link of the smallest kind, as its wallet sends it.
fn create() -> (LinkId, Vec<u8>, usize) {
    let (key, manage) = (LinkKey::random().expect("a key"), ManageKey::random().expect("a key"));
    let id = manage.id().expect("an id");
    let capsule = Seal { key: &key, passcode: None, manage: &manage, seq: 1, end: None }.seal(&[42; 2000]).expect("a capsule");
    let step = Manage { action: Action::Create, id, seq: 1, end: None, auth_hash: None, capsule: &capsule };
    let body = json!({
        "action": "create", "id": id, "seq": 1, "end": 0,
        "capsule": STANDARD.encode(&capsule),
        "public_key": URL_SAFE_NO_PAD.encode(manage.public().expect("a key")),
        "signature": URL_SAFE_NO_PAD.encode(step.sign(&manage, ORIGIN).expect("a signature")),
    })
    .to_string();
    let head = format!("POST /v1/manage HTTP/1.1\r\nhost: {ORIGIN}\r\ncontent-length: {}\r\n\r\n", body.len());
    (id, [head.into_bytes(), body.into_bytes()].concat(), capsule.len())
}

/// One request and its answer, which must be 200.
fn exchange(stream: &mut BufReader<TcpStream>, request: &[u8]) -> Vec<u8> {
    stream.get_mut().write_all(request).expect("a request");
    let (mut line, mut length, mut first) = (String::new(), 0, true);
    while stream.read_line(&mut line).expect("an answer") > 2 {
        assert!(!first || line.contains(" 200 "), "{line}");
        first = false;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        line.clear();
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).expect("a body");
    body
}

fn connect(address: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    BufReader::new(stream)
}

/// Runs `work` for each of so many parts, at once.
fn at_once<T: Send>(parts: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..parts).map(|part| scope.spawn(move || work(part))).collect();
        running.into_iter().map(|thread| thread.join().expect("a thread")).collect()
    })
}

/// Makes the links, and says which, how large they are, how many a second were accepted, and how often a second in between the disk
/// could write as many bytes and sync them.
fn fill(host: &Server, folder: &Path) -> (Vec<LinkId>, usize, f64, f64) {
    let (mut ids, mut size, mut took, begun) = (Vec::new(), 0, Duration::ZERO, Instant::now());
    let (mut synced, mut syncing) = (0, Duration::ZERO);
    let mut file = File::create(folder.join("synced")).expect("a file");
    while ids.len() < LINKS && begun.elapsed() < LONGEST {
        let made: Vec<Vec<_>> = at_once(WRITERS, |_| (0..AT_ONCE / WRITERS).map(|_| create()).collect());
        let start = Instant::now();
        at_once(WRITERS, |part| {
            let mut stream = connect(host.address);
            for (_, request, _) in &made[part] {
                exchange(&mut stream, request);
            }
        });
        took += start.elapsed();
        size = made[0][0].2;
        ids.extend(made.into_iter().flatten().map(|(id, ..)| id));
        // Into a file that is there, as a journal is.
        let bytes = vec![7; size];
        file.set_len(0).and_then(|()| file.rewind()).expect("its beginning");
        (0..SYNCED).for_each(|_| file.write_all(&bytes).expect("room"));
        file.sync_all().and_then(|()| file.rewind()).expect("its beginning");
        let start = Instant::now();
        (0..SYNCED).for_each(|_| file.write_all(&bytes).and_then(|()| file.sync_data()).expect("room"));
        syncing += start.elapsed();
        synced += SYNCED;
    }
    let rate = |count: usize, took: Duration| count as f64 / took.as_secs_f64();
    let rates = (rate(ids.len(), took), rate(synced, syncing));
    (ids, size, rates.0, rates.1)
}

/// One round of reads.
struct Round {
    a_second: f64,
    microseconds: f64,
    slowest: f64,
}

fn read(server: &Server, folder: &Path, files: bool) -> Round {
    let before = server.processor();
    let mut wrk = Command::new("wrk");
    wrk.args(["-t", "1", "-c", &CONNECTIONS.to_string(), "-d", &format!("{SECONDS}s"), "-s"]).arg(folder.join("wrk.lua"));
    wrk.arg(format!("http://{}", server.address)).env("IDS", folder.join("ids"));
    if files {
        wrk.env("FILES", "1");
    }
    let told = wrk.output().expect("wrk");
    let told = String::from_utf8_lossy(&told.stdout);
    let result = told.lines().find_map(|line| line.strip_prefix("RESULT")).unwrap_or_else(|| panic!("wrk says: {told}"));
    let numbers: Vec<f64> = result.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let [requests, took, ref errors @ .., slowest] = numbers[..] else { panic!("wrk says: {told}") };
    assert!(errors.iter().all(|count| *count == 0.0), "wrk says: {told}");
    Round {
        a_second: requests / (took / 1e6),
        microseconds: (server.processor() - before) / requests * 1e6,
        slowest: slowest / 1e3,
    }
}

fn median(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The program of that name: installed, or unpacked by `.ci/setup.sh bench`.
fn program(name: &str) -> Option<PathBuf> {
    let unpacked = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/nginx/usr/sbin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin".into(), unpacked.into()]);
    folders.into_iter().map(|folder| folder.join(name)).find(|program| program.exists())
}

fn main() {
    let (Some(nginx), Some(_)) = (program("nginx"), program("wrk")) else {
        println!("nginx and wrk are needed to measure the share host; `.ci/setup.sh bench` brings both");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let host = Server::host(folder);
    let empty = host.memory();
    let (ids, size, made, synced) = fill(&host, folder);
    let full = host.memory();

    let chosen: Vec<String> = ids.iter().step_by((ids.len() / READ).max(1)).map(ToString::to_string).collect();
    fs::write(folder.join("ids"), chosen.join("\n") + "\n").expect("a file");
    fs::write(folder.join("wrk.lua"), SCRIPT).expect("a file");
    fs::create_dir(folder.join("files")).expect("a folder");
    for id in &chosen {
        let body = format!("{{\"id\":\"{id}\"}}");
        let request = format!("POST /v1/open HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let capsule = exchange(&mut connect(host.address), request.as_bytes());
        assert_eq!(capsule.len(), size);
        fs::write(folder.join("files").join(id), capsule).expect("room");
    }
    let nginx = Server::nginx(&nginx, folder);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(read(&host, folder, false));
        theirs.push(read(&nginx, folder, true));
    }

    println!("\n{} links of {size} bytes, {CONNECTIONS} connections", ids.len());
    println!("{:<36} {:>9} {:>9} {:>7}", "", "host", "nginx", "ratio");
    let row = |name: &str, ours: f64, theirs: f64, digits: usize| {
        println!("{name:<36} {ours:>9.digits$} {theirs:>9.digits$} {:>7.2}", ours / theirs);
    };
    let of = |what: fn(&Round) -> f64| (median(&ours, what), median(&theirs, what));
    let (a, b) = of(|round| round.a_second);
    row("opened a second", a, b, 0);
    let (a, b) = of(|round| round.microseconds);
    row("processor time of one, µs", a, b, 1);
    let (a, b) = of(|round| round.slowest);
    row("99 of 100 within, ms", a, b, 2);
    row("memory after it, MiB", host.memory(), nginx.memory(), 1);
    println!("{:<36} {:>9} {:>9} {:>7}", "", "host", "the disk", "ratio");
    row("made a second / written and synced", made, synced, 0);
    println!("memory: {empty:.1} MiB when empty, {full:.1} MiB with {} links", ids.len());
}
