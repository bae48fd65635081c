//! The site while one works on it.

use crate::run::{Result, at, root, run};
use crate::site::trunk;
use crate::toolchain::Toolchain;
use crate::tools;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// `cargo xtask serve`: builds, serves, and builds again at every change.
pub fn serve(port: &str) -> Result {
    let number: u16 = port.parse().map_err(|_| format!("`{port}` is no port: give a number up to 65535."))?;
    let address = (Ipv4Addr::LOCALHOST, number);
    if TcpListener::bind(address).is_err() {
        return Err(format!("Port {port} is taken: end the program that uses it, or run `cargo xtask serve --port 8081`."));
    }
    let toolchain = Toolchain::ready()?;
    tools::for_site(&toolchain)?;
    // Trunk wants the folders that it ignores to be there.
    for folder in ["dist", "shots", "target"] {
        let folder = root().join(folder);
        at(&folder, fs::create_dir_all(&folder))?;
    }
    println!("── Building; the first time takes a minute or two");
    thread::spawn(move || {
        while TcpStream::connect(address).is_err() {
            thread::sleep(Duration::from_millis(200));
        }
        println!("\nYansuan is at http://127.0.0.1:{number}/\n");
    });
    run(trunk(&toolchain, "serve").args(["--port", port]))
}
