//! `prerender FOLDER [BASE]`: writes the static pages, their pictures, the index and the feed into the folder of a build.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "dist".into());
    let base = arguments.next().unwrap_or_else(|| "/".into());
    let site = std::env::var("YANSUAN_SITE").ok();
    let count = yansuan::app::prerender::write_all(std::path::Path::new(&folder), &base, site.as_deref())?;
    println!("{count} static files written");
    Ok(())
}

#[cfg(target_arch = "wasm32")]
fn main() {}
