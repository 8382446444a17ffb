//! What the benchmarks ask of the machine, on the host and in Wasm. Time is that of the processor, where it is told, so that
//! other work on the machine matters less.

pub(crate) use own::{NAME, files, memory, now, say};

#[cfg(not(target_arch = "wasm32"))]
mod own {
    use std::time::SystemTime;

    /// What the rows of the baseline are called.
    pub(crate) const NAME: &str = "native";

    /// Seconds since any moment.
    pub(crate) fn now() -> f64 {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let own = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok()).map(|nanos| nanos / 1e9);
        own.unwrap_or_else(|| SystemTime::UNIX_EPOCH.elapsed().map_or(0.0, |time| time.as_secs_f64()))
    }

    pub(crate) fn say(line: &str) {
        println!("{line}");
    }

    /// Names and texts of the files behind `--`.
    pub(crate) fn files() -> Vec<(String, String)> {
        let names = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
        names.map(|name| (name.clone(), std::fs::read_to_string(&name).unwrap())).collect()
    }

    /// How large the memory is, where that can be said.
    pub(crate) fn memory() -> Option<f64> {
        None
    }
}

#[cfg(target_arch = "wasm32")]
mod own {
    use js_sys::{Array, Function, Reflect, WebAssembly, global};
    use wasm_bindgen::{JsCast, JsValue};

    pub(crate) const NAME: &str = "wasm";

    fn method(object: &str, name: &str) -> (JsValue, Function) {
        let object = Reflect::get(&global(), &object.into()).unwrap();
        let method = Reflect::get(&object, &name.into()).unwrap().unchecked_into();
        (object, method)
    }

    pub(crate) fn now() -> f64 {
        let (process, usage) = method("process", "cpuUsage");
        let usage = usage.call0(&process).unwrap();
        let micros = |name: &str| Reflect::get(&usage, &name.into()).unwrap().as_f64().unwrap();
        (micros("user") + micros("system")) / 1e6
    }

    pub(crate) fn say(line: &str) {
        let (console, log) = method("console", "log");
        log.call1(&console, &line.into()).unwrap();
    }

    /// What `wasm.mjs` has read.
    pub(crate) fn files() -> Vec<(String, String)> {
        let files: Array = Reflect::get(&global(), &"benchFiles".into()).unwrap().unchecked_into();
        let text = |pair: &JsValue, at: u32| Reflect::get_u32(pair, at).unwrap().as_string().unwrap();
        files.iter().map(|pair| (text(&pair, 0), text(&pair, 1))).collect()
    }

    pub(crate) fn memory() -> Option<f64> {
        let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        Reflect::get(&memory.buffer(), &"byteLength".into()).ok()?.as_f64()
    }
}
