//! A workload run in its forms, and what that shows, in sentences.

use super::assume::{Asked, Setup, can_run, setups, written_setup};
use super::job::{JobEnd, JobRun, simulate_job};
use super::{ContainerState, Kind, Process, Run, What, simulate};
use crate::detect::Role;
use crate::form::Form;

/// A form of a workload, and what became of it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The form.
    pub form: Form,
    /// What was run.
    pub setup: Setup,
    /// What happened to the Pod; for a Job to its first one.
    pub run: Run,
    /// What happened to the Job, for a Job.
    pub job: Option<JobRun>,
    /// What that shows, the most important first.
    pub facts: Vec<String>,
}

/// Runs a workload in both forms; nothing for one that cannot be run.
#[must_use]
pub fn tell(asked: Asked<'_>) -> Vec<Told> {
    if !can_run(asked.workload) {
        return Vec::new();
    }
    Form::BOTH.into_iter().zip(setups(asked, &Form::BOTH)).map(|(form, setup)| told(asked, form, setup)).collect()
}

/// Runs a workload as it is written; nothing for one that cannot be run. One that has sidecars of both kinds counts as
/// native.
#[must_use]
pub fn tell_written(asked: Asked<'_>) -> Option<Told> {
    if !can_run(asked.workload) {
        return None;
    }
    let is_native = asked.verdicts.iter().any(|verdict| verdict.role == Role::NativeSidecar);
    let form = if is_native { Form::Native } else { Form::Traditional };
    Some(told(asked, form, written_setup(asked)))
}

fn told(asked: Asked<'_>, form: Form, setup: Setup) -> Told {
    let run = simulate(&setup.pod, &setup.scenario, asked.cluster);
    let job = asked.workload.job.as_ref().map(|job| simulate_job(job, &setup, &run, asked.cluster));
    let facts = Facts { asked, setup: &setup, run: &run, job: job.as_ref() }.all();
    Told { form, setup, run, job, facts }
}

/// A time for people: `4 s`, `1.5 s`, `2 min 5 s`, `1 h`.
#[must_use]
pub fn time(millis: u64) -> String {
    let (seconds, rest) = (millis / 1000, millis % 1000 / 100);
    let parts = [(seconds / 3600, "h"), (seconds % 3600 / 60, "min"), (seconds % 60, "s")];
    if seconds < 60 && rest > 0 {
        return format!("{seconds}.{rest} s");
    }
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if said.is_empty() { "0 s".to_owned() } else { said.join(" ") }
}

/// `a`, `a and b`, `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

struct Facts<'a> {
    asked: Asked<'a>,
    setup: &'a Setup,
    run: &'a Run,
    job: Option<&'a JobRun>,
}

impl Facts<'_> {
    fn all(&self) -> Vec<String> {
        let facts = [self.outcome(), self.start(), self.shutdown(), self.restarts()];
        facts.into_iter().flatten().collect()
    }

    fn name(&self, index: usize) -> &str {
        self.setup.pod.containers.get(index).map_or("", |container| container.name.as_str())
    }

    fn is_helper(&self, index: usize) -> bool {
        let own = self.setup.of.get(index).and_then(|own| self.asked.verdicts.get(*own));
        own.is_some_and(|verdict| verdict.role.is_sidecar())
    }

    /// The first regular container that is no helper.
    fn app(&self) -> Option<usize> {
        self.setup.pod.regular().map(|(index, _)| index).find(|index| !self.is_helper(*index))
    }

    fn outcome(&self) -> Option<String> {
        if let Some(job) = self.job {
            let words = job.words(|container| self.name(container).to_owned());
            let stuck = self.stuck().filter(|_| job.end == JobEnd::Active);
            let more = [stuck, self.overlap(job).map(str::to_owned)];
            return Some(more.into_iter().flatten().fold(words, |words, more| format!("{words} {more}")));
        }
        if let Some(why) = self.stuck() {
            return Some(why);
        }
        let ready = self.run.moments.iter().find(|moment| moment.is_ready)?;
        Some(format!("The Pod is ready after {}.", time(ready.at)))
    }

    /// What a CronJob makes of a Job that does not end.
    fn overlap(&self, job: &JobRun) -> Option<&'static str> {
        let schedule = self.asked.workload.job.as_ref()?.schedule.as_ref()?;
        (job.end == JobEnd::Active).then_some(match schedule.concurrency.as_deref() {
            Some("Forbid") => "The CronJob starts no other one meanwhile, because concurrencyPolicy is Forbid.",
            Some("Replace") => "Each time that the schedule fires, the CronJob ends it and starts another one.",
            _ => "Each time that the schedule fires, the CronJob adds another one that does not end.",
        })
    }

    /// Why the app never started.
    fn stuck(&self) -> Option<String> {
        let app = self.app()?;
        if self.run.first(|what| *what == What::Starting(app, Process::Container)).is_some() {
            return None;
        }
        let statuses = &self.run.statuses;
        let blocking = self.setup.pod.init().find(|(index, container)| {
            statuses.get(*index).is_some_and(|status| match container.kind {
                Kind::Sidecar => !status.is_started,
                _ => !status.is_ready,
            })
        });
        let (index, container) = blocking?;
        let name = &container.name;
        let state = statuses.get(index).map(|status| &status.state);
        let has_failed = self.run.first(|what| *what == What::StartupProbe(index, false)).is_some();
        let why = match state {
            _ if has_failed => "its startup probe does not pass".to_owned(),
            Some(ContainerState::Waiting(reason)) if reason.contains("Image") => {
                "its image cannot be pulled".to_owned()
            }
            Some(ContainerState::Running) if container.kind == Kind::Sidecar => {
                "its startup probe has not passed".to_owned()
            }
            Some(ContainerState::Running) => "it has not ended".to_owned(),
            _ => "it does not stay up".to_owned(),
        };
        Some(format!("{} never starts: it waits for {name}, and {why}.", self.name(app)))
    }

    fn start(&self) -> Option<String> {
        let app = self.app()?;
        let at = self.run.first(|what| *what == What::Up(app, Process::Container))?;
        let is_up = |index: usize| {
            let probe = self.setup.pod.containers.get(index).is_some_and(|container| container.startup.is_some());
            let mark = match probe {
                true => What::StartupProbe(index, true),
                false => What::Up(index, Process::Container),
            };
            self.run.first(|what| *what == mark).is_some_and(|up| up <= at)
        };
        let helpers = (0..self.setup.pod.containers.len()).filter(|index| self.is_helper(*index));
        let (up, down): (Vec<usize>, Vec<usize>) = helpers.partition(|index| is_up(*index));
        let names = |indices: &[usize]| list(&indices.iter().map(|index| self.name(*index)).collect::<Vec<_>>());
        let app = self.name(app);
        let are = |indices: &[usize]| if indices.len() == 1 { "is" } else { "are" };
        let guaranteed = |index: &usize| {
            self.setup.pod.containers.get(*index).is_some_and(|container| container.kind == Kind::Sidecar)
        };
        Some(match (up.as_slice(), down.as_slice()) {
            ([], []) => return None,
            (up, []) if up.iter().all(guaranteed) => {
                format!("When the first instruction of {app} runs, at {}, {} {} up.", time(at), names(up), are(up))
            }
            (up, []) => format!(
                "{} {} up before {app}, at {}, but only by chance: nothing makes {app} wait.",
                names(up),
                are(up),
                time(at)
            ),
            (_, down) => {
                format!(
                    "The first instruction of {app} runs at {}, when {} {} not up yet.",
                    time(at),
                    names(down),
                    are(down)
                )
            }
        })
    }

    fn shutdown(&self) -> Option<String> {
        let ending = self.run.ending?;
        let over = ending.over?;
        let took = over - ending.at;
        let killed = |index: &usize| {
            let is_kill = |what: &What| *what == What::Killed(*index, Process::Container);
            self.run.log.iter().any(|entry| entry.at >= ending.at && is_kill(&entry.what))
        };
        let killed: Vec<usize> = (0..self.setup.pod.containers.len()).filter(killed).collect();
        let names: Vec<&str> = killed.iter().map(|index| self.name(*index)).collect();
        if took == 0 && names.is_empty() {
            return None;
        }
        let grace = ending.grace;
        Some(if names.is_empty() {
            format!("Stopping takes {} of a grace period of {grace} s.", time(took))
        } else {
            let are = if names.len() == 1 { "is" } else { "are" };
            format!("Stopping takes {}, and {} {are} killed: the grace period is {grace} s.", time(took), list(&names))
        })
    }

    fn restarts(&self) -> Option<String> {
        let counts = self.run.statuses.iter().enumerate().filter(|(_, status)| status.restart_count > 0);
        let said: Vec<String> =
            counts.map(|(index, status)| format!("{} {}×", self.name(index), status.restart_count)).collect();
        (!said.is_empty()).then(|| format!("Restarts within {}: {}.", time(self.run.end), said.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use crate::form::Form;
    use crate::release::{Cluster, Release};
    use crate::simulate::{Kind, WhatIf};
    use crate::{Options, analyze};

    fn facts(text: &str, what_if: &str, minor: u8) -> [Vec<String>; 2] {
        let options =
            Options { what_if: WhatIf::parse(what_if), release: Release::new(minor).unwrap(), ..Options::default() };
        let analysis = analyze(text, &options);
        assert_eq!(*analysis.server.cluster(), Cluster::new(options.release));
        let mut told = analysis.told(0).into_iter().map(|told| told.facts);
        [told.next().unwrap(), told.next().unwrap()]
    }

    const JOB: &str = "
kind: CronJob
spec:
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - { name: report, image: shop/report }
            - { name: proxy, image: envoyproxy/envoy }
";

    #[test]
    fn a_job_with_a_traditional_helper_never_completes() {
        let [traditional, native] = facts(JOB, "", 36);
        assert_eq!(
            traditional[0],
            "The Job never completes: the work is done, but proxy keeps the Pod running. The CronJob starts no other one \
             meanwhile, because concurrencyPolicy is Forbid."
        );
        assert!(native[0].starts_with("The Job completes after"), "{native:?}");
    }

    #[test]
    fn before_native_sidecars_the_app_waits_for_ever() {
        let [_, native] = facts(JOB, "", 28);
        assert!(native[0].starts_with("The Job is still active"), "{native:?}");
        let pod = "
kind: Pod
spec:
  initContainers: [{ name: proxy, image: envoyproxy/envoy, restartPolicy: Always }]
  containers: [{ name: app, image: shop/app }]
";
        assert_eq!(facts(pod, "", 28)[1][0], "app never starts: it waits for proxy, and it has not ended.");
        assert!(facts(pod, "", 29)[1][0].starts_with("The Pod is ready after"));
    }

    #[test]
    fn an_init_container_that_is_a_helper_never_ends() {
        let pod = |more: &str| {
            format!(
                "kind: Pod\nspec:\n  initContainers: [{{ name: proxy, image: envoyproxy/envoy{more} }}]\n  containers: [{{ name: app, image: shop/app }}]\n"
            )
        };
        let first = |more: &str| facts(&pod(more), "", 36)[0][0].clone();
        assert_eq!(first(""), "app never starts: it waits for proxy, and it has not ended.");
        assert!(first(", command: [sh, -c, 'cp -r /etc/envoy /shared']").starts_with("The Pod is ready after"));
    }

    #[test]
    fn a_sidecar_that_waits_for_what_starts_after_it_waits_for_ever() {
        let pod = |port: u16| {
            format!(
                "kind: Pod\nspec:\n  initContainers: [{{ name: proxy, image: envoyproxy/envoy, restartPolicy: Always, startupProbe: {{ httpGet: {{ port: {port} }} }} }}]\n  containers: [{{ name: app, image: shop/app, ports: [{{ containerPort: 8080 }}] }}]\n"
            )
        };
        let first = |port: u16| facts(&pod(port), "", 36)[1][0].clone();
        assert_eq!(first(8080), "app never starts: it waits for proxy, and its startup probe does not pass.");
        assert!(first(9901).starts_with("The Pod is ready after"));
    }

    #[test]
    fn a_pod_with_sidecars_of_both_kinds_is_run_as_it_is_written() {
        let text = "
kind: Pod
spec:
  initContainers: [{ name: proxy, image: envoyproxy/envoy, restartPolicy: Always }]
  containers: [{ name: app, image: shop/app }, { name: logs, image: fluent/fluent-bit }]
";
        let told = analyze(text, &Options::default()).told_written(0).unwrap();
        let kinds: Vec<_> = told.setup.pod.containers.iter().map(|own| (own.name.as_str(), own.kind)).collect();
        assert_eq!(kinds, [("proxy", Kind::Sidecar), ("app", Kind::Regular), ("logs", Kind::Regular)]);
        assert_eq!(told.form, Form::Native);
    }

    #[test]
    fn what_is_supposed_decides() {
        let pod = "
kind: Pod
spec:
  terminationGracePeriodSeconds: 10
  initContainers:
    - name: proxy
      image: envoyproxy/envoy
      restartPolicy: Always
      startupProbe: { tcpSocket: { port: 1 } }
  containers: [{ name: app, image: shop/app }]
";
        let native = |what_if| facts(pod, what_if, 36)[1].join(" ");
        assert!(native("never-ready:proxy").contains("its startup probe does not pass"));
        assert!(native("no-image:proxy").contains("its image cannot be pulled"));
        assert!(
            native("deaf:app delete@30").contains("app is killed: the grace period is 10 s"),
            "{}",
            native("deaf:app")
        );
        assert!(native("grace=5 slow-stop:app=3").contains("of a grace period of 5 s"));
        assert!(native("crashes:proxy=5").contains("proxy "), "restarts are counted");
    }

    #[test]
    fn times_are_said_as_people_do() {
        assert_eq!([0, 1500, 60_000, 3_725_000].map(super::time), ["0 s", "1.5 s", "1 min", "1 h 2 min 5 s"]);
    }
}
