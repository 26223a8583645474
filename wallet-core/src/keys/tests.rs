use super::*;

fn sealed() -> (Keys, Secret, Secret) {
    let mut keys = Keys::new().unwrap();
    let (a, dek) = (Secret::random().unwrap(), Secret::random().unwrap());
    keys.seal_with_key(&a, &dek).unwrap();
    keys.seal_with_passphrase(&Passphrase::from("a good long one".to_owned()), &dek).unwrap();
    (keys, a, dek)
}

#[test]
fn either_slot_opens_the_same_data_key() {
    let (keys, a, dek) = sealed();
    assert_eq!(keys.open_with_key(&a).unwrap(), dek);
    assert_eq!(keys.open_with_passphrase(&Passphrase::from("a good long one".to_owned())).unwrap(), dek);
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let (keys, _, _) = sealed();
    assert!(matches!(keys.open_with_passphrase(&Passphrase::from("a good long One".to_owned())), Err(KeysError::WrongKey)));
}

#[test]
fn a_wrong_key_from_the_key_store_is_damage_and_no_typing_error() {
    let (keys, _, _) = sealed();
    assert!(matches!(keys.open_with_key(&Secret::random().unwrap()), Err(KeysError::Damaged(_))));
}

#[test]
fn every_field_of_the_header_is_authenticated() {
    let pass = Passphrase::from("a good long one".to_owned());
    let edits: [fn(&mut Keys); 4] = [
        |k| k.slots[1].header.argon2id = Some(Argon { passes: ARGON.passes + 1, ..ARGON }),
        |k| k.slots[1].header.salt = Some(STANDARD.encode([0; 16])),
        |k| k.slots[1].header.wallet = "00".repeat(16),
        |k| k.slots[1].header.version = 0,
    ];
    for edit in edits {
        let (mut keys, _, _) = sealed();
        edit(&mut keys);
        assert!(keys.open_with_passphrase(&pass).is_err());
    }
}

#[test]
fn parameters_below_the_floor_or_above_the_ceiling_are_refused() {
    let pass = Passphrase::from("a good long one".to_owned());
    for bad in [
        Argon { memory_kib: FLOOR.memory_kib - 1, ..ARGON },
        Argon { memory_kib: CEILING.memory_kib + 1, ..ARGON },
        Argon { passes: FLOOR.passes - 1, ..ARGON },
        Argon { passes: CEILING.passes + 1, ..ARGON },
        Argon { lanes: CEILING.lanes + 1, ..ARGON },
    ] {
        let (mut keys, _, _) = sealed();
        keys.slots[1].header.argon2id = Some(bad);
        assert!(matches!(keys.open_with_passphrase(&pass), Err(KeysError::Damaged("argon2id parameters"))), "{bad:?}");
    }
}

#[test]
fn keys_json_is_read_back_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    assert!(Keys::read(&path).unwrap().is_none());
    let (keys, _, _) = sealed();
    keys.write(&path).unwrap();
    assert_eq!(Keys::read(&path).unwrap(), Some(keys));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_newer_or_damaged_file_is_said_to_be_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    std::fs::write(&path, br#"{"version":2,"something":"else"}"#).unwrap();
    assert!(matches!(Keys::read(&path), Err(KeysError::TooNew)));
    for bad in ["", "{", "{}", "[]", r#"{"version":1}"#, r#"{"version":1,"wallet":"x","complete":true,"slots":[]}"#] {
        std::fs::write(&path, bad).unwrap();
        assert!(matches!(Keys::read(&path), Err(KeysError::Damaged(_))), "{bad}");
    }
}

#[test]
fn the_form_of_keys_json_does_not_change_by_accident() {
    let (keys, _, _) = sealed();
    let mut json = serde_json::to_value(&keys).unwrap();
    json["wallet"] = "[wallet]".into();
    for slot in json["slots"].as_array_mut().unwrap() {
        slot["nonce"] = "[nonce]".into();
        slot["sealed"] = "[sealed]".into();
        slot["header"]["wallet"] = "[wallet]".into();
        if slot["header"].get("salt").is_some() {
            slot["header"]["salt"] = "[salt]".into();
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn the_derivations_do_not_change_by_accident() {
    // By Python's hmac and hashlib: HKDF-SHA256 without a salt.
    let key = Secret([7; 32]);
    assert_eq!(
        hex::encode(database_key(&key).unwrap().expose()),
        "17f1b5775c60be961abaf6b70a5f333833b503eeeb9c466e3afa10b9c79dc6a9"
    );
}

#[test]
fn passphrases_are_weighed() {
    for weak in ["", "badgewallet", "password1", "12345678", "qwertyuiop"] {
        assert!(!Passphrase::from(weak.to_owned()).is_strong(), "{weak}");
    }
    for strong in ["correct horse battery staple", "groene olifant danst om vier uur"] {
        assert!(Passphrase::from(strong.to_owned()).is_strong(), "{strong}");
    }
}

#[test]
fn secrets_do_not_show_themselves() {
    let key = Secret([0xAB; 32]);
    let pass = Passphrase::from("hunter2".to_owned());
    let text = format!("{key:?} {key:#?} {pass:?} {pass:#?}");
    assert_eq!(text, "Secret(..) Secret(..) Passphrase(..) Passphrase(..)");
}

#[test]
fn secrets_are_wiped() {
    let mut key = Secret([0xAB; 32]);
    key.zeroize();
    assert_eq!(key.expose(), &[0; 32]);
    fn wiped_on_drop<T: ZeroizeOnDrop>() {}
    wiped_on_drop::<Secret>();
    wiped_on_drop::<Passphrase>();
}
