//! Checks that the interface is built, and names every command to Tauri's access control.

/// Every command of `src/commands.rs`; `capabilities/default.json` allows exactly these.
const COMMANDS: &[&str] = &[
    "app_state",
    "begin",
    "unlock",
    "lock",
    "set_passphrase",
    "erase",
    "enter_demo",
    "leave_demo",
    "inspect",
    "continue_incoming",
    "claim",
    "save",
    "dismiss",
    "badges",
    "badge",
    "remove_badge",
    "restore_badge",
    "export_badge",
    "export_all",
    "verify",
    "present",
    "check",
    "scan_frame",
    "scan_text",
    "identities",
    "add_identity",
    "remove_identity",
    "issuers",
    "add_issuer",
    "remove_issuer",
    "history",
    "settings",
    "update_settings",
    "take_opened",
    "retry_checks",
    "share_draft",
    "keep_share_draft",
    "share_paper",
    "share",
    "shares",
    "refresh_shares",
    "change_share",
    "extend_share",
    "stop_share",
    "reopen_share",
    "forget_share",
    "open_share",
    "cities",
    "add_city",
    "remove_city",
    "refresh_city",
    "activities",
    "activity_map",
    "map_tile",
    "activity",
    "plan_activity",
    "tick_part",
    "activity_calendar",
    "suggestions",
    "claim_code",
    "claims",
    "retry_claims",
    "forget_claim",
    "sign_in",
    "sign_out",
    "platform_badges",
];

fn main() {
    println!("cargo:rerun-if-changed=../ui/dist");
    if !std::path::Path::new("../ui/dist/index.html").is_file() {
        println!("cargo::error=The interface is not built yet (ui/dist is missing). Run `make ui` first, then build again.");
        std::process::exit(1);
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={}", format!("{error:#}").replace('\n', " "));
        std::process::exit(1);
    }
}
