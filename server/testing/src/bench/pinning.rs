//! Cores that the server and its load run on. A process that is started here inherits the core of the thread that starts it,
//! and counts its threads by it.

/// Whether the server and the load have a core each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cores {
    /// The server on core 0, the load on core 1.
    Apart,
    /// The machine has one core, or cannot pin: both share what there is.
    Shared,
}

impl Cores {
    /// Says how requests/s of one core are to be read here.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Apart => "server on core 0, load on core 1",
            Self::Shared => "NOT PINNED: server and load share the machine's cores",
        }
    }
}

/// Core of the server.
const SERVER: usize = 0;
/// Core of the load.
const LOAD: usize = 1;

/// Returns how the machine's cores are shared out.
pub fn cores() -> Cores {
    if may_run_on(SERVER) && may_run_on(LOAD) {
        Cores::Apart
    } else {
        Cores::Shared
    }
}

/// Starts something on the server's core.
pub fn on_server_core<T: Send>(start: impl FnOnce() -> T + Send) -> T {
    on_core(SERVER, start)
}

/// Does something on the load's core.
pub fn on_load_core<T: Send>(load: impl FnOnce() -> T + Send) -> T {
    on_core(LOAD, load)
}

fn on_core<T: Send>(core: usize, work: impl FnOnce() -> T + Send) -> T {
    let is_pinned = cores() == Cores::Apart;
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            if is_pinned {
                pin_thread(core);
            }
            work()
        });
        worker.join().unwrap()
    })
}

#[cfg(target_os = "linux")]
fn may_run_on(core: usize) -> bool {
    rustix::thread::sched_getaffinity(None).is_ok_and(|set| set.is_set(core))
}

#[cfg(target_os = "linux")]
fn pin_thread(core: usize) {
    let mut set = rustix::thread::CpuSet::new();
    set.set(core);
    rustix::thread::sched_setaffinity(None, &set).unwrap();
}

#[cfg(not(target_os = "linux"))]
fn may_run_on(_core: usize) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn pin_thread(_core: usize) {}

/// Lets this process and those that it starts open as many files as the system allows; how many.
#[cfg(unix)]
pub fn raise_file_limit() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it is refused, the answer tells what is left.
    setrlimit(Resource::Nofile, limit).ok();
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_started_on_a_core_stays_there_and_the_caller_goes_on_as_before() {
        let before = rustix::thread::sched_getaffinity(None).unwrap();
        let here = on_server_core(|| rustix::thread::sched_getaffinity(None).unwrap());
        if cores() == Cores::Apart {
            assert_eq!(here.count(), 1);
        }
        assert_eq!(rustix::thread::sched_getaffinity(None).unwrap(), before);
    }
}
