#![allow(clippy::all, clippy::unwrap_used, missing_docs, clippy::indexing_slicing, clippy::print_stdout)]
use sidecar_playground::session::Session;
use sidecar_playground::source::Change;
use sidecar_playground::view::Request;
use std::time::Instant;
#[test]
fn speed() {
    let text = std::fs::read_to_string("/tmp/session-9mb.yaml").unwrap();
    let request = Request { kind: "topology".to_owned(), most: Some(100), ..Request::default() };
    let mut session = Session::<true>::default();
    let t = Instant::now();
    session.set(&text);
    println!("set {:?}", t.elapsed());
    let t = Instant::now();
    let v = session.view(&request);
    println!("first view {:?} {}", t.elapsed(), v.workloads.len());
    let t = Instant::now();
    let mut n = 0; let mut worst = std::time::Duration::ZERO;
    loop { let s = Instant::now(); let more = session.work(&request); worst = worst.max(s.elapsed()); n += 1; if !more { break } }
    println!("work {:?} {n} steps, worst {worst:?}", t.elapsed());
    let t = Instant::now();
    let v = session.view(&request);
    println!("view {:?} {} workloads {:?}", t.elapsed(), v.workloads.len(), v.counts);
    for at in [200u32, 4_000_000, 8_900_000] {
        let t = Instant::now();
        session.change(&Change { from: at, to: at, insert: "x".to_owned() });
        let a = t.elapsed();
        let t = Instant::now();
        while session.work(&request) {}
        let b = t.elapsed();
        let t = Instant::now();
        let v = session.view(&request);
        println!("change {a:?} work {b:?} view {:?} {:?}", t.elapsed(), v.counts);
    }
}
