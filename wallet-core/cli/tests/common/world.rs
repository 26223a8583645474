//! A folder with wallets that open by a passphrase, and the program over them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

pub(crate) struct World(pub(crate) tempfile::TempDir);

impl World {
    /// With nothing but the passphrase.
    pub(crate) fn bare() -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        world.write("secret", "vier gele fietsen zingen zacht\n");
        world
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and answers its path.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program without a wallet, and without what whoever runs the tests set up for it.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_badge-wallet"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BADGE_WALLET_")) {
            command.env_remove(name);
        }
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").stdin(Stdio::null());
        command
    }

    /// The program over the wallet in `home`.
    pub(crate) fn over(&self, home: &str) -> Command {
        let mut command = self.program();
        command.args(["--home", &self.path(home), "--passphrase-file", &self.path("secret")]);
        command
    }
}
