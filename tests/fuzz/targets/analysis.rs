//! Reading, understanding, telling apart, checking: one verdict for each container, findings in the order of the text, and
//! the same answer each time.

use super::options;
use sidecar_playground::analyze;

pub fn run(text: &str) {
    let analysis = analyze(text, &options());
    assert_eq!(analysis.model.workloads.len(), analysis.verdicts.len());
    for (workload, verdicts) in analysis.model.workloads.iter().zip(&analysis.verdicts) {
        assert_eq!(workload.pod.containers.len(), verdicts.len());
    }
    let mut before = 0;
    for finding in &analysis.findings {
        let span = analysis.source.span(finding.place);
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{finding:?}");
        assert!(before <= span.start, "{finding:?} stands before the one in front of it");
        before = span.start;
        for related in &finding.evidence {
            let span = analysis.source.span(related.place);
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{finding:?}");
        }
        assert!(finding.workloads.iter().all(|workload| *workload < analysis.model.workloads.len()));
        assert!(!finding.message.is_empty() && !finding.help.is_empty());
    }
    for (_, span, _) in analysis.problems() {
        assert!(text.get(span.start as usize..span.end as usize).is_some());
    }
    let again = analyze(text, &options());
    assert_eq!(analysis.findings, again.findings);
    assert_eq!(analysis.verdicts, again.verdicts);
}
