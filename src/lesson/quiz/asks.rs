//! What can be asked of a manifest, in words: `start order`, `READY at 5 s`. Capitals stand for a word of the author.

use super::Computed;
use super::moments;
use crate::detect::Role;
use crate::kubectl::default_container;
use crate::lesson::goal::{Member, Miss, Scene, Unknown, Words, cost, fit, server, wrong_word};
use crate::quantity::Quantity;
use crate::release::Release;
use crate::resources::QosClass;

/// Something that can be asked.
pub struct Ask {
    /// How it is written.
    pub text: &'static str,
    /// How it is answered.
    pub about: &'static str,
    answer: fn(&Scene<'_>, &Words<'_>) -> Result<Computed, Miss>,
}

/// Something that is asked.
pub struct Asked<'q> {
    ask: &'static Ask,
    words: Words<'q>,
}

impl Asked<'_> {
    pub(super) fn compute(&self, scene: &Scene<'_>) -> Result<Computed, Miss> {
        (self.ask.answer)(scene, &self.words)
    }
}

/// Everything that can be asked.
pub const ASKS: &[Ask] = &[
    Ask { text: "app", about: "one of the containers", answer: app },
    Ask { text: "sidecars", about: "some of the containers", answer: sidecars },
    Ask { text: "role of NAME", about: "one of the roles", answer: role },
    Ask { text: "number of containers", about: "a number", answer: number },
    Ask { text: "users of VOLUME", about: "some of the containers", answer: users },
    Ask { text: "default container", about: "one of the containers: that of kubectl logs", answer: default },
    Ask { text: "start order", about: "all containers in order", answer: moments::start_order },
    Ask {
        text: "stop order",
        about: "the containers in the order in which they are asked to stop",
        answer: moments::stop_order,
    },
    Ask { text: "first to be asked to stop", about: "some of the containers", answer: moments::first_to_stop },
    Ask {
        text: "running when NAME starts",
        about: "some of the containers: their processes run",
        answer: moments::running,
    },
    Ask { text: "up when NAME starts", about: "some of the containers: they can do their work", answer: moments::up },
    Ask {
        text: "killed",
        about: "some of the containers: they do not stop within the grace period",
        answer: moments::killed,
    },
    Ask { text: "READY at NUMBER s", about: "the column of kubectl get pod", answer: moments::ready },
    Ask { text: "STATUS at NUMBER s", about: "the column of kubectl get pod", answer: moments::status },
    Ask { text: "RESTARTS at NUMBER s", about: "the column of kubectl get pod", answer: moments::restarts },
    Ask { text: "seconds until NAME starts", about: "a time", answer: moments::seconds_until_start },
    Ask { text: "seconds until ready", about: "a time", answer: moments::seconds_until_ready },
    Ask { text: "seconds until the Job completes", about: "a time", answer: moments::seconds_of_job },
    Ask {
        text: "seconds to stop",
        about: "a time: from the moment at which the Pod is asked to stop until all of it is gone",
        answer: moments::seconds_to_stop,
    },
    Ask { text: "STATUS at the end", about: "the column of kubectl get pod", answer: moments::last_status },
    Ask { text: "phase at the end", about: "one of the phases", answer: moments::phase },
    Ask { text: "exit code of NAME", about: "a number", answer: moments::exit_code },
    Ask { text: "end of the Job", about: "completes, fails, or never ends", answer: moments::job },
    Ask { text: "requests RESOURCE", about: "an amount: what the Pod requests", answer: requests },
    Ask { text: "QoS class", about: "one of the three", answer: qos },
    Ask { text: "findings", about: "some of the rules; give other rules as options", answer: findings },
    Ask { text: "Kubernetes RELEASE accepts it", about: "yes or no", answer: accepts },
];

/// Understands what is asked.
///
/// # Errors
///
/// Nothing is asked by these words.
pub fn parse(text: &str) -> Result<Asked<'_>, Unknown> {
    let given: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches('`')).collect();
    for ask in ASKS {
        let Some(words) = fit(ask.text, &given) else { continue };
        return match words.iter().find_map(|(slot, word)| wrong_word(slot, word)) {
            Some(unknown) => Err(unknown),
            None => Ok(Asked { ask, words: Words::new(words) }),
        };
    }
    let all: Vec<&str> = ASKS.iter().map(|ask| ask.text).collect();
    Err(Unknown {
        message: format!("“{}” cannot be asked of a manifest", text.trim()),
        help: format!("There are: {}.", all.join("; ")),
    })
}

/// The containers of the Pod that a step is about.
fn members<'s>(scene: &'s Scene<'_>) -> Result<Vec<Member<'s>>, Miss> {
    let (index, _) = scene.pod()?;
    Ok(scene.members_of(index).collect())
}

fn names(members: &[Member<'_>]) -> Vec<String> {
    members.iter().map(|member| member.name().to_owned()).collect()
}

fn app(scene: &Scene<'_>, _: &Words<'_>) -> Result<Computed, Miss> {
    let members = members(scene)?;
    let app = members.iter().find(|member| member.verdict.role == Role::App);
    let app = app.ok_or_else(|| Miss::new("There is no app."))?;
    Ok(Computed::One(app.name().to_owned(), names(&members)))
}

fn sidecars(scene: &Scene<'_>, _: &Words<'_>) -> Result<Computed, Miss> {
    some(scene, |member| member.verdict.role.is_sidecar())
}

fn some(scene: &Scene<'_>, fits: impl Fn(&Member<'_>) -> bool) -> Result<Computed, Miss> {
    let members = members(scene)?;
    Ok(Computed::Some(members.iter().map(|member| (member.name().to_owned(), fits(member))).collect()))
}

fn role(scene: &Scene<'_>, words: &Words<'_>) -> Result<Computed, Miss> {
    let word = |role: Role| if role == Role::Sidecar { "traditional sidecar" } else { role.label() }.to_owned();
    let member = scene.find(words.get("NAME"))?;
    let others = [Role::App, Role::Sidecar, Role::NativeSidecar, Role::Init].map(word).to_vec();
    Ok(Computed::One(word(member.verdict.role), others))
}

fn number(scene: &Scene<'_>, _: &Words<'_>) -> Result<Computed, Miss> {
    let count = members(scene)?.len();
    let others = (count.saturating_sub(2).max(1)..=count + 1).map(|number| number.to_string());
    Ok(Computed::One(count.to_string(), others.collect()))
}

fn users(scene: &Scene<'_>, words: &Words<'_>) -> Result<Computed, Miss> {
    some(scene, |member| member.container.mounts.iter().any(|mount| mount.volume == words.get("VOLUME")))
}

fn default(scene: &Scene<'_>, _: &Words<'_>) -> Result<Computed, Miss> {
    let (_, pod) = scene.pod()?;
    let picked = default_container(&pod.pod).ok_or_else(|| Miss::new("There is no regular container."))?;
    Ok(Computed::One(picked.display_name().to_owned(), names(&members(scene)?)))
}

fn requests(scene: &Scene<'_>, words: &Words<'_>) -> Result<Computed, Miss> {
    let bill = cost::bill(scene)?;
    let resource = words.get("RESOURCE");
    let amount = bill.requests.get(resource).copied().unwrap_or(Quantity::ZERO);
    // What somebody gets who adds up other containers.
    let claims = || bill.resources.claims.iter();
    let sum = |fits: &dyn Fn(crate::resources::Part) -> bool| {
        let own = claims().filter(|claim| fits(claim.part)).filter_map(|claim| claim.requests.get(resource));
        own.fold(Quantity::ZERO, |sum, amount| sum.plus(*amount))
    };
    use crate::resources::Part;
    let largest = claims().filter_map(|claim| claim.requests.get(resource)).max().copied().unwrap_or(Quantity::ZERO);
    let guesses = [
        sum(&|_| true),
        sum(&|part| part == Part::Regular),
        sum(&|part| part != Part::Init),
        largest,
        amount.plus(amount),
    ];
    let mut others = vec![amount];
    for guess in guesses {
        if !guess.is_zero() && !others.contains(&guess) && others.len() < 4 {
            others.push(guess);
        }
    }
    others.sort();
    Ok(Computed::One(amount.to_string(), others.iter().map(ToString::to_string).collect()))
}

fn qos(scene: &Scene<'_>, _: &Words<'_>) -> Result<Computed, Miss> {
    let all = [QosClass::Guaranteed, QosClass::Burstable, QosClass::BestEffort];
    Ok(Computed::One(cost::bill(scene)?.qos.id().to_owned(), all.map(|class| class.id().to_owned()).to_vec()))
}

fn findings(scene: &Scene<'_>, _: &Words<'_>) -> Result<Computed, Miss> {
    let mut rules: Vec<(String, bool)> = Vec::new();
    for finding in &scene.analysis.findings {
        if !rules.iter().any(|(rule, _)| rule == finding.rule) {
            rules.push((finding.rule.to_owned(), true));
        }
    }
    Ok(Computed::Some(rules))
}

fn accepts(scene: &Scene<'_>, words: &Words<'_>) -> Result<Computed, Miss> {
    let release = Release::parse(words.get("RELEASE")).unwrap_or_default();
    let answers = server::answers(scene, release);
    if answers.is_empty() {
        return Err(Miss::new("There is no whole object to give to it."));
    }
    let word = if answers.iter().all(|(_, answer)| answer.is_accepted()) { "yes" } else { "no" };
    Ok(Computed::One(word.to_owned(), vec!["yes".to_owned(), "no".to_owned()]))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn what_cannot_be_asked_is_said_with_a_way_out() {
        assert!(parse("READY at 5 s").is_ok());
        assert!(parse("colour").err().unwrap().help.contains("start order"));
        assert!(parse("READY at noon s").err().unwrap().message.contains("no number"));
    }
}
