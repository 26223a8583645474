//! Where an exported file lands: in the person's own folder for downloads, under a name that is still free.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager};

/// Corrects where the web view wants to put a download. It knows the folder where the system has named one, and takes care of names
/// there; on a bare system it would use the folder that the app was started in.
pub(crate) fn place(app: &AppHandle, destination: &mut PathBuf) {
    if app.path().download_dir().is_ok() {
        return;
    }
    let Ok(folder) = app.path().home_dir().map(|home| home.join("Downloads")) else { return };
    if let Some(name) = destination.file_name().map(PathBuf::from)
        && std::fs::create_dir_all(&folder).is_ok()
    {
        *destination = free(&folder, &name);
    }
}

/// `name`, or `name (2)` and so on where that is taken.
fn free(folder: &Path, name: &Path) -> PathBuf {
    let first = folder.join(name);
    if !first.exists() {
        return first;
    }
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let ending = name.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    (2_u32..).map(|number| folder.join(format!("{stem} ({number}){ending}"))).find(|path| !path.exists()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_is_never_written_over() {
        let icons = Path::new(env!("CARGO_MANIFEST_DIR")).join("icons");
        assert_eq!(free(&icons, Path::new("32x32.png")), icons.join("32x32 (2).png"));
        assert_eq!(free(&icons, Path::new("badge.png")), icons.join("badge.png"));
    }
}
