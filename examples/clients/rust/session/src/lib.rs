//! The JSON lines of `sparring check --driver session`, and the redirect URI of a program on one's own machine.

mod listening;

use std::env;
use std::error::Error;
use std::io::{self, BufRead};
use std::process::exit;

use serde_json::{Value, json};

pub use listening::callback_of;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

pub trait Client {
    /// Make sure that there is a token; gives its end, in seconds since 1970, if one is known.
    fn authenticate(&mut self, fresh: bool) -> Outcome<Option<u64>>;
    fn call_api(&mut self) -> Outcome<()>;
}

/// `SPARRING_` and that name; empty where the provider has no such thing.
pub fn setting(name: &str) -> String {
    env::var(format!("SPARRING_{name}")).unwrap_or_default()
}

pub fn serve(client: &mut dyn Client) -> Outcome<()> {
    println!("{}", json!({"sparring": "ready", "protocol": 1}));
    for line in io::stdin().lock().lines() {
        let told: Value = serde_json::from_str(&line?)?;
        let mut done = json!({"sparring": "done", "id": told["id"], "outcome": "ok"});
        match obey(client, &told) {
            Ok(end) => done["expires_at"] = json!(end),
            Err(error) => {
                done["outcome"] = json!("error");
                done["detail"] = json!(chain(error.as_ref()));
            }
        }
        println!("{done}");
        if told["do"] == "quit" {
            exit(0);
        }
    }
    Ok(())
}

fn obey(client: &mut dyn Client, told: &Value) -> Outcome<Option<u64>> {
    match told["do"].as_str() {
        Some("authenticate") => client.authenticate(told["fresh"] == true),
        Some("call_api") => {
            for _ in 0..told["times"].as_u64().unwrap_or(1) {
                client.call_api()?;
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        text += &format!(": {error}");
        inner = error.source();
    }
    text.chars().take(300).collect()
}
