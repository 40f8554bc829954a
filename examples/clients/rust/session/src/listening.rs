use std::env;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Outcome, setting};

/// Open a browser at that URL; gives the whole address of the callback.
pub fn callback_of(url: &str) -> Outcome<String> {
    let redirect_uri = setting("REDIRECT_URI");
    let (address, path) = redirect_uri.trim_start_matches("http://").split_once('/').unwrap_or_default();
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Command::new(env::var("BROWSER")?).arg(url).stdout(Stdio::null()).spawn()?;
    let end = Instant::now() + Duration::from_secs_f64(setting("TIMEOUT").parse::<f64>()? / 2.0);
    while Instant::now() < end {
        match listener.accept() {
            Ok((stream, _)) => {
                if let Some(target) = answered(stream, &format!("/{path}")) {
                    return Ok(format!("http://{address}{target}"));
                }
            }
            Err(_) => sleep(Duration::from_millis(5)),
        }
    }
    Err("nobody came back from the sign-in page".into())
}

/// The target of a request for that path, once it is answered; nothing for any other.
fn answered(mut stream: TcpStream, path: &str) -> Option<String> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let target = lines.next()?.ok()?.split(' ').nth(1)?.to_string();
    while !lines.next()?.ok()?.is_empty() {}
    let found = target.split('?').next() == Some(path);
    let (status, text) = if found { ("200 OK", "You can close this window.") } else { ("404 Not Found", "Not here.") };
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nReferrer-Policy: no-referrer\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{text}"
    )
    .ok()?;
    found.then_some(target)
}
