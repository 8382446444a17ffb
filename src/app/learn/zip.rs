//! Files as one: a ZIP archive without compression, which every system opens.

/// Writes an archive of texts and their paths.
pub(crate) fn zip(files: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (path, text) in files {
        let offset = out.len() as u32;
        let size = text.len() as u32;
        // What both kinds of headers say: version 2.0, names in UTF-8, stored, the first of January 1980.
        let mut facts = Vec::new();
        for number in [20_u16, 0x0800, 0, 0, 0x21] {
            facts.extend(number.to_le_bytes());
        }
        for number in [crc32(text.as_bytes()), size, size] {
            facts.extend(number.to_le_bytes());
        }
        facts.extend((path.len() as u16).to_le_bytes());
        facts.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(path.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02");
        directory.extend(20_u16.to_le_bytes());
        directory.extend(&facts);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let (count, at) = (files.len() as u16, out.len() as u32);
    out.extend(&directory);
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}
