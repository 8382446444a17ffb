//! Edits in every style that manifests are written in.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests say what they expect"
)]

use sidecar_playground::edit::{Edit, Editor, Move, Obstacle, Yaml, apply};
use sidecar_playground::source::{Source, Value};

/// Makes edits in the value at a route of keys; numbers are indices.
fn edited(text: &str, route: &[&str], make: impl Fn(&Editor<'_>, Value<'_>) -> Option<Vec<Edit>>) -> Option<String> {
    let source = Source::read(text);
    let document = source.documents.last().expect("a document");
    let mut at = document.root().expect("a value");
    for step in route {
        at = match step.parse::<usize>() {
            Ok(index) => at.items().nth(index).expect("an item"),
            Err(_) => at.get(step).expect("a key"),
        };
    }
    let edits = make(&Editor::new(document).expect("a document that can be read"), at)?;
    let new = apply(text, &edits).expect("edits that fit");
    assert!(!Source::read(&new).is_broken(), "{new}");
    Some(new)
}

fn inserted(text: &str, route: &[&str], key: &str, value: &Yaml) -> String {
    edited(text, route, |editor, at| editor.insert_key(at.id(), key, value, &["image", "name"])).expect("edits")
}

fn removed(text: &str, route: &[&str], key: &str) -> String {
    edited(text, route, |editor, at| editor.remove_entry(at.id(), key)).expect("edits")
}

fn set(text: &str, route: &[&str], value: &Yaml) -> String {
    edited(text, route, |editor, at| editor.set_value(at.id(), value)).expect("edits")
}

fn moved(text: &str, moves: &[(&str, usize, &str, Option<usize>)]) -> Result<String, Obstacle> {
    let source = Source::read(text);
    let document = source.documents.last().expect("a document");
    let root = document.root().expect("a value");
    let moves: Vec<Move> = moves
        .iter()
        .map(|(from, index, to, before)| Move {
            from: (*from).to_owned(),
            index: *index,
            to: (*to).to_owned(),
            before: *before,
        })
        .collect();
    let edits = Editor::new(document).expect("a document").move_items(root.id(), &moves, &[])?;
    let new = apply(text, &edits).expect("edits that fit");
    assert!(!Source::read(&new).is_broken(), "{new}");
    Ok(new)
}

const MAKE: &[(&str, usize, &str, Option<usize>)] = &[("containers", 1, "initContainers", None)];

#[test]
fn keys_are_inserted_in_the_style_of_their_mapping() {
    let always = Yaml::from("Always");
    let probe = Yaml::from([
        ("httpGet", Yaml::from([("path", Yaml::from("/ready")), ("port", Yaml::from(8080))])),
        ("periodSeconds", Yaml::from(1)),
    ]);
    let cases = [
        (
            "- name: a # x\n  image: b # y\n  args: []\n",
            "- name: a # x\n  image: b # y\n  restartPolicy: Always\n  args: []\n",
        ),
        ("-   name: a\n    ports:\n", "-   name: a\n    restartPolicy: Always\n    ports:\n"),
        ("- ports: []\n  name: a", "- ports: []\n  name: a\n  restartPolicy: Always"),
        ("- name: a\r\n  image: b\r\n", "- name: a\r\n  image: b\r\n  restartPolicy: Always\r\n"),
        ("- image: |\n    b\n\n  ports: []\n", "- image: |\n    b\n  restartPolicy: Always\n\n  ports: []\n"),
        ("- { name: a, image: b, args: [] }\n", "- { name: a, image: b, restartPolicy: Always, args: [] }\n"),
        ("- {name: a}\n", "- {name: a, restartPolicy: Always}\n"),
        (
            "[{\"name\":\"a\",\"image\":\"b\",\"tty\":true}]",
            "[{\"name\":\"a\",\"image\":\"b\",\"restartPolicy\":\"Always\",\"tty\":true}]",
        ),
        (
            "[\n  {\n    \"name\": \"a\",\n    \"image\": \"b\"\n  }\n]\n",
            "[\n  {\n    \"name\": \"a\",\n    \"image\": \"b\",\n    \"restartPolicy\": \"Always\"\n  }\n]\n",
        ),
        (
            "[{\n  name: \"a\", # x\n  image: \"b\", # y\n  tty: true,\n}]\n",
            "[{\n  name: \"a\", # x\n  image: \"b\", # y\n  restartPolicy: \"Always\",\n  tty: true,\n}]\n",
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(inserted(text, &["0"], "restartPolicy", &always), wanted, "{text}");
    }
    assert_eq!(
        inserted("- image: b\n  ports:\n    - 1\n", &["0"], "startupProbe", &probe),
        "- image: b\n  startupProbe:\n    httpGet:\n      path: /ready\n      port: 8080\n    periodSeconds: 1\n  ports:\n    - 1\n"
    );
    assert_eq!(
        inserted("{\n  \"image\": \"b\"\n}", &[], "startupProbe", &probe),
        "{\n  \"image\": \"b\",\n  \"startupProbe\": {\n    \"httpGet\": {\n      \"path\": \"/ready\",\n      \"port\": 8080\n    },\n    \"periodSeconds\": 1\n  }\n}"
    );
    assert_eq!(inserted("a: {}\n", &["a"], "x", &always), "a: { x: Always }\n");
}

#[test]
fn entries_are_removed_and_their_comments_stay() {
    let cases = [
        ("- name: a\n  restartPolicy: Always # why\n  image: b\n", "- name: a\n  # why\n  image: b\n"),
        ("- restartPolicy: Always\n  name: a\n", "- name: a\n"),
        ("- restartPolicy: Always # why\n  # name\n  name: a\n", "- # why\n  # name\n  name: a\n"),
        ("- { restartPolicy: Always, name: a }\n", "- { name: a }\n"),
        ("- { name: a, restartPolicy: Always }\n", "- { name: a }\n"),
        ("- {restartPolicy: Always}\n", "- {}\n"),
        ("- restartPolicy: Always\n", "- {}\n"),
        ("[{\n  \"name\": \"a\",\n  \"restartPolicy\": \"Always\"\n}]", "[{\n  \"name\": \"a\"\n}]"),
        (
            "[{\n  name: \"a\",\n  # one\n  restartPolicy: \"Always\", # two\n}]",
            "[{\n  name: \"a\",\n  # one\n  # two\n}]",
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(removed(text, &["0"], "restartPolicy"), wanted, "{text}");
    }
    let deep = "a:\n  b:\n    # one\n    c: [1, # two\n      2]\n    d: |\n      # no comment\n  e: 1\n";
    assert_eq!(removed(deep, &["a"], "b"), "a:\n  # one\n  # two\n  e: 1\n");
    let anchored = "a:\n  b: &x 1\n  c: 2\nd: *x\n";
    assert_eq!(edited(anchored, &["a"], |editor, at| editor.remove_entry(at.id(), "b")), None);
}

#[test]
fn values_are_set_where_they_stand() {
    let text = "a: \"1\" # x\nb: 'y'\nc: plain\nd:\ne: # later\nf: { g: 1, h: [x] }\ni:\n  - j\nk: [\n  1,\n]\n";
    assert_eq!(set(text, &["a"], &"z".into()), text.replace("\"1\"", "\"z\""));
    assert_eq!(set(text, &["b"], &"it's".into()), text.replace("'y'", "'it''s'"));
    assert_eq!(set(text, &["c"], &"8080".into()), text.replace("plain", "\"8080\""));
    assert_eq!(set(text, &["c"], &Yaml::from([("port", Yaml::from(1))])), text.replace("c: plain", "c:\n  port: 1"));
    assert_eq!(set(text, &["d"], &3.into()), text.replace("d:", "d: 3"));
    assert_eq!(set(text, &["f", "h"], &Yaml::from(vec!["a".into(), "b".into()])), text.replace("[x]", "[a, b]"));
    assert_eq!(set(text, &["i"], &"none".into()), text.replace("i:\n  - j", "i: none"));
    assert_eq!(
        edited(text, &["e"], |editor, at| editor.set_value(at.id(), &"x".into())).unwrap(),
        text.replace("e: #", "e: x #")
    );
}

#[test]
fn keys_are_renamed_in_their_quotes() {
    let rename =
        |text: &str| edited(text, &[], |editor, at| editor.rename_key(at.id(), "restartpolicy", "restartPolicy"));
    assert_eq!(rename("restartpolicy : x\n").unwrap(), "restartPolicy : x\n");
    assert_eq!(rename("{\"restartpolicy\":1}").unwrap(), "{\"restartPolicy\":1}");
    assert_eq!(rename("restartpolicy: 1\nrestartPolicy: 2\n"), None);
}

#[test]
fn block_items_move_with_their_comments() {
    let text = "\
# the pod
containers:
  # the app
  - name: app # main
    image: a
    # tty: true

  # ships logs,
  # all of them
  - name: logs
    image: b # pinned
      # deeper
  # the end of the list
volumes: []
";
    let wanted = "\
initContainers:
  # ships logs,
  # all of them
  - name: logs
    image: b # pinned
      # deeper
# the pod
containers:
  # the app
  - name: app # main
    image: a
    # tty: true
  # the end of the list
volumes: []
";
    assert_eq!(moved(text, MAKE).unwrap(), wanted);
    // And back: the list that became empty goes.
    let back = moved(wanted, &[("initContainers", 0, "containers", None)]).unwrap();
    assert_eq!(back, text.replace("true\n\n", "true\n"), "all but the blank line");
}

#[test]
fn items_take_the_indentation_of_their_new_list() {
    let text = "initContainers:\n- name: a\ncontainers:\n    -   name: b\n    -   name: c\n        command: [sh, -c, \"x\n          y\"]\n        args:\n          - |\n            one\n              two\n\n            three\n        env:\n        # zero\n# far left\n        - name: E\n";
    assert_eq!(
        moved(text, MAKE).unwrap(),
        "initContainers:\n- name: a\n-   name: c\n    command: [sh, -c, \"x\n      y\"]\n    args:\n      - |\n        one\n          two\n\n        three\n    env:\n    # zero\n# far left\n    - name: E\ncontainers:\n    -   name: b\n"
    );
}

#[test]
fn flow_and_json_lists_keep_their_commas() {
    let cases = [
        ("containers: [{ name: a }, { name: b }]\n", "initContainers: [{ name: b }]\ncontainers: [{ name: a }]\n"),
        ("{containers: [{name: a}, {name: b}]}", "{initContainers: [{name: b}], containers: [{name: a}]}"),
        (
            "{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"x\":1}",
            "{\"initContainers\":[{\"name\":\"b\"}],\"containers\":[{\"name\":\"a\"}],\"x\":1}",
        ),
        (
            "{\n  \"containers\": [\n    {\n      \"name\": \"a\"\n    },\n    {\n      \"name\": \"b\"\n    }\n  ]\n}\n",
            "{\n  \"initContainers\": [\n    {\n      \"name\": \"b\"\n    }\n  ],\n  \"containers\": [\n    {\n      \"name\": \"a\"\n    }\n  ]\n}\n",
        ),
        (
            "{\n  initContainers: [{\n    name: \"i\",\n  }],\n  containers: [{\n    name: \"a\", # main\n  }, {\n    name: \"b\", # helper\n  }],\n}\n",
            "{\n  initContainers: [{\n    name: \"i\",\n  }, {\n    name: \"b\", # helper\n  }],\n  containers: [{\n    name: \"a\", # main\n  }],\n}\n",
        ),
        (
            "containers: [\n  # main\n  { name: a }, # one\n  # helper\n  { name: b } # two\n]\n",
            "initContainers: [\n  # helper\n  { name: b } # two\n]\ncontainers: [\n  # main\n  { name: a } # one\n]\n",
        ),
        (
            "initContainers: [] # none\ncontainers:\n- name: a\n- name: b\n",
            "initContainers: # none\n- name: b\ncontainers:\n- name: a\n",
        ),
        ("initContainers:\ncontainers:\n- name: a\n- name: b", "initContainers:\n- name: b\ncontainers:\n- name: a\n"),
        (
            "initContainers: [{ name: i }] # one\ncontainers:\n  - name: a\n  - name: b\n",
            "initContainers: # one\n  - { name: i }\n  - name: b\ncontainers:\n  - name: a\n",
        ),
        (
            "initContainers:\n  - name: i\ncontainers: [{ name: a }, { name: b,\n  image: c }]\n",
            "initContainers:\n  - name: i\n  - { name: b,\n      image: c }\ncontainers: [{ name: a }]\n",
        ),
        (
            "- x\n---\ncontainers:\r\n- name: a\r\n- name: b\r\n",
            "- x\n---\ninitContainers:\r\n- name: b\r\ncontainers:\r\n- name: a\r\n",
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(moved(text, MAKE).as_deref(), Ok(wanted), "{text}");
    }
}

#[test]
fn several_items_move_at_once_and_in_order() {
    let block = "initContainers:\n- name: i\n- name: j\ncontainers:\n- name: a\n- name: b\n- name: c\n";
    let moves = [("containers", 2, "initContainers", Some(1)), ("containers", 0, "initContainers", Some(1))];
    assert_eq!(
        moved(block, &moves).unwrap(),
        "initContainers:\n- name: i\n- name: c\n- name: a\n- name: j\ncontainers:\n- name: b\n"
    );
    let flow = "{initContainers: [i, j], containers: [a, b, c,]}";
    assert_eq!(moved(flow, &moves).unwrap(), "{initContainers: [i, c, a, j], containers: [b,]}");
    let all = [("initContainers", 0, "containers", Some(0)), ("initContainers", 1, "containers", None)];
    assert_eq!(moved(flow, &all).unwrap(), "{containers: [i, a, b, c, j,]}");
    let same = [("containers", 2, "containers", Some(0))];
    assert_eq!(
        moved(block, &same).unwrap(),
        block.replace("- name: a\n- name: b\n- name: c\n", "- name: c\n- name: a\n- name: b\n")
    );
    assert_eq!(moved(flow, &same).unwrap(), "{initContainers: [i, j], containers: [c, a, b,]}");
}

#[test]
fn a_list_that_stands_first_in_an_item_gets_the_new_one_in_its_place() {
    let text = "- x: 1\n- containers:\n    - name: a\n    - name: b\n  volumes: []\n";
    let source = Source::read(text);
    let item = source.documents[0].root().unwrap().items().nth(1).unwrap();
    let make = Move { from: "containers".into(), index: 1, to: "initContainers".into(), before: None };
    let edits = Editor::new(&source.documents[0]).unwrap().move_items(item.id(), &[make], &[]).unwrap();
    assert_eq!(
        apply(text, &edits).unwrap(),
        "- x: 1\n- initContainers:\n    - name: b\n  containers:\n    - name: a\n  volumes: []\n"
    );
}

#[test]
fn what_would_break_is_refused() {
    let before = "containers:\n- name: a\n  env: &e [x]\n- name: b\n  env: *e\n";
    assert_eq!(moved(before, MAKE), Err(Obstacle::Anchor), "the alias would come first");
    let shared = "x: &c\n- name: a\n- name: b\ncontainers: *c\n";
    assert_eq!(moved(shared, MAKE), Err(Obstacle::Shared));
    let merged = "x: &x { initContainers: [] }\n<<: *x\ncontainers:\n- name: a\n- name: b\n";
    assert_eq!(moved(merged, MAKE), Err(Obstacle::Shared));
    let only = [("containers", 0, "initContainers", None)];
    assert_eq!(moved("containers:\n- name: a\n", &only), Err(Obstacle::Empty));
    // The other way round nothing stands in the way.
    let behind = "containers:\n- name: a\n  env: [y]\n- name: b\n  env: &e [x]\nx: *e\n";
    assert!(moved(behind, MAKE).is_ok());
}

#[test]
fn parts_of_templates_that_belong_to_an_item_go_with_it() {
    let text = "containers:\n  - name: {{ .Values.name }}\n    image: a\n  - name: b\n    image: {{ .Values.image }}\n    resources:\n{{ toYaml .Values.resources | indent 6 }}\n    {{- with .Values.env }}\n    env: {{ . }}\n    {{- end }}\n  {{- with .Values.more }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\n";
    let new = moved(text, MAKE).unwrap();
    assert!(new.starts_with("initContainers:\n  - name: b\n    image: {{ .Values.image }}\n    resources:\n{{ toYaml .Values.resources | indent 6 }}\n    {{- with .Values.env }}\n    env: {{ . }}\n    {{- end }}\ncontainers:\n"), "{new}");
}

#[test]
fn templates_keep_their_blocks_and_computed_indents() {
    // An `if` around one item goes with it; one around more, or with an `else`, does not.
    let one =
        "containers:\n  - name: a\n  # if wanted\n  {{- if .Values.x }}\n  # b\n  - name: b\n  {{- end }}\n  # end\n";
    assert_eq!(
        moved(one, MAKE).unwrap(),
        "initContainers:\n  # if wanted\n  {{- if .Values.x }}\n  # b\n  - name: b\n  {{- end }}\ncontainers:\n  - name: a\n  # end\n"
    );
    let two = "containers:\n  - name: a\n  {{- if .Values.x }}\n  - name: b\n  - name: c\n  {{- end }}\n";
    assert_eq!(moved(two, MAKE), Err(Obstacle::Template), "it would come out of its `if`");
    let other =
        "containers:\n  - name: a\n  {{- if .Values.x }}\n  - name: b\n  {{- else }}\n  - name: c\n  {{- end }}\n";
    assert_eq!(moved(other, MAKE), Err(Obstacle::Template), "it would come out of its `if`");
    let indented = "initContainers:\n- name: i\ncontainers:\n  - name: a\n  - name: b\n    env: {{ toYaml .Values.env | nindent 6 }}\n";
    assert_eq!(moved(indented, MAKE), Err(Obstacle::Template), "`nindent` would be wrong");
}

#[test]
fn keys_that_share_commas_change_together() {
    let json = "{\n  \"name\": \"a\",\n  \"image\": \"b\",\n  \"lifecycle\": {}\n}\n";
    let change = |text: &str| {
        edited(text, &[], |editor, at| {
            editor.change_keys(at.id(), &["lifecycle"], &[("restartPolicy", &"Always".into(), &["image"])])
        })
        .unwrap()
    };
    assert_eq!(change(json), json.replace("\"lifecycle\": {}", "\"restartPolicy\": \"Always\""));
    assert_eq!(change("{name: a, image: b, lifecycle: {}}"), "{name: a, image: b, restartPolicy: Always}");
    assert_eq!(change("{lifecycle: {}, image: b}"), "{image: b, restartPolicy: Always}");
    assert_eq!(change("name: a\nimage: b\nlifecycle: {}\n"), "name: a\nimage: b\nrestartPolicy: Always\n");
}

#[test]
fn neighbours_share_the_blank_line_between_them() {
    let text = "containers:\n  - name: a\n\n  - name: b\n\n  - name: c\nx: 1\n";
    let moves = [("containers", 0, "initContainers", None), ("containers", 1, "initContainers", None)];
    assert_eq!(
        moved(text, &moves).unwrap(),
        "initContainers:\n  - name: a\n\n  - name: b\ncontainers:\n  - name: c\nx: 1\n"
    );
}

#[test]
fn what_is_inserted_behind_the_last_line_of_an_entry_moves_with_it() {
    let text = "containers:\n- name: a\n  image: x\n- name: b\n  image: y";
    let source = Source::read(text);
    let (document, root) = (&source.documents[0], source.documents[0].root().unwrap());
    let editor = Editor::new(document).unwrap();
    for (index, wanted) in [
        (0, "initContainers:\n- name: a\n  image: x\n  restartPolicy: Always\ncontainers:\n- name: b\n  image: y"),
        (1, "initContainers:\n- name: b\n  image: y\n  restartPolicy: Always\ncontainers:\n- name: a\n  image: x\n"),
    ] {
        let item = root.get("containers").unwrap().items().nth(index).unwrap();
        let inner = editor.insert_key(item.id(), "restartPolicy", &"Always".into(), &["image"]).unwrap();
        let make = Move { from: "containers".into(), index, to: "initContainers".into(), before: None };
        let edits = editor.move_items(root.id(), &[make], &inner).unwrap();
        assert_eq!(apply(text, &edits).unwrap(), wanted);
    }
}
