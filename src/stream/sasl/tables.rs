//! RFC 3454 (stringprep): the tables that SASLprep names.
//!
//! They are asked about text that is already in form KC, which makes them small: what KC does away with is in none of
//! them, and neither is it kept out; nor are the code points that Unicode 3.2 did not assign, so that ranges run on
//! across both.

/// Table C.1.2: spaces other than the one in ASCII.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200B}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// Table B.1: what is commonly mapped to nothing.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{1806}' | '\u{180B}'..='\u{180D}' | '\u{200B}'..='\u{200D}' | '\u{2060}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Tables C.1.2, C.2.1, C.2.2 and C.3 to C.9: what must not be in a name or password.
pub(super) fn is_prohibited(c: char) -> bool {
    match c {
        ..='\u{FFFF}' => contains(PROHIBITED, c),
        '\u{1D173}'..='\u{1D17A}' | '\u{E0001}' | '\u{E0020}'..='\u{E007F}' | '\u{F0000}'.. => true,
        // The last two of every plane are no characters.
        _ => u32::from(c) & 0xFFFE == 0xFFFE,
    }
}

/// Table D.1: characters of scripts that run from right to left.
pub(super) fn is_right_to_left(c: char) -> bool {
    contains(RIGHT_TO_LEFT, c)
}

/// Table D.2: characters of scripts that run from left to right.
pub(super) fn is_left_to_right(c: char) -> bool {
    match c {
        ..='\u{FFFF}' => contains(LEFT_TO_RIGHT, c),
        '\u{10300}'..='\u{1D166}' | '\u{1D16A}'..='\u{1D172}' | '\u{1D183}'..='\u{1D184}' => true,
        '\u{1D18C}'..='\u{1D1A9}' | '\u{1D1AE}'..='\u{1D1DD}' | '\u{20000}'..='\u{2A6D6}' => true,
        _ => false,
    }
}

fn contains(ranges: &[(u16, u16)], c: char) -> bool {
    u16::try_from(u32::from(c)).is_ok_and(|c| ranges.iter().any(|&(first, last)| (first..=last).contains(&c)))
}

#[rustfmt::skip]
const PROHIBITED: &[(u16, u16)] = &[
    (0x0000, 0x001F), (0x007F, 0x00A0), (0x0340, 0x0341), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x1680, 0x1680),
    (0x180E, 0x180E), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2063), (0x206A, 0x206F), (0x2FF0, 0x2FFB),
    (0x3000, 0x3000), (0xD800, 0xF8FF), (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFF),
];

#[rustfmt::skip]
const RIGHT_TO_LEFT: &[(u16, u16)] = &[
    (0x05BE, 0x05BE), (0x05C0, 0x05C0), (0x05C3, 0x05C3), (0x05D0, 0x05F4), (0x061B, 0x064A), (0x066D, 0x066F),
    (0x0671, 0x06D5), (0x06E5, 0x06E6), (0x06FA, 0x0710), (0x0712, 0x072C), (0x0780, 0x07A5), (0x07B1, 0x07B1),
    (0xFE73, 0xFE73),
];

#[rustfmt::skip]
const LEFT_TO_RIGHT: &[(u16, u16)] = &[
    (0x0041, 0x005A), (0x0061, 0x007A), (0x00C0, 0x00D6), (0x00D8, 0x00F6), (0x00F8, 0x02AD), (0x02BB, 0x02C1),
    (0x02D0, 0x02D1), (0x02EE, 0x02EE), (0x0386, 0x03F3), (0x0400, 0x0482), (0x048A, 0x0589), (0x0903, 0x0939),
    (0x093D, 0x0940), (0x0949, 0x094C), (0x0950, 0x0950), (0x0960, 0x0961), (0x0964, 0x0970), (0x0982, 0x09B9),
    (0x09BE, 0x09C0), (0x09C7, 0x09CC), (0x09D7, 0x09E1), (0x09E6, 0x09F1), (0x09F4, 0x09FA), (0x0A05, 0x0A39),
    (0x0A3E, 0x0A40), (0x0A5C, 0x0A6F), (0x0A72, 0x0A74), (0x0A83, 0x0AB9), (0x0ABD, 0x0AC0), (0x0AC9, 0x0ACC),
    (0x0AD0, 0x0AEF), (0x0B02, 0x0B39), (0x0B3D, 0x0B3E), (0x0B40, 0x0B40), (0x0B47, 0x0B4C), (0x0B57, 0x0B70),
    (0x0B83, 0x0BBF), (0x0BC1, 0x0BCC), (0x0BD7, 0x0C39), (0x0C41, 0x0C44), (0x0C60, 0x0CBE), (0x0CC0, 0x0CC4),
    (0x0CC7, 0x0CCB), (0x0CD5, 0x0D40), (0x0D46, 0x0D4C), (0x0D57, 0x0DC6), (0x0DCF, 0x0DD1), (0x0DD8, 0x0E30),
    (0x0E32, 0x0E32), (0x0E40, 0x0E46), (0x0E4F, 0x0EB0), (0x0EB2, 0x0EB2), (0x0EBD, 0x0EC6), (0x0ED0, 0x0F17),
    (0x0F1A, 0x0F34), (0x0F36, 0x0F36), (0x0F38, 0x0F38), (0x0F3E, 0x0F6A), (0x0F7F, 0x0F7F), (0x0F85, 0x0F85),
    (0x0F88, 0x0F8B), (0x0FBE, 0x0FC5), (0x0FC7, 0x102C), (0x1031, 0x1031), (0x1038, 0x1038), (0x1040, 0x1057),
    (0x10A0, 0x169A), (0x16A0, 0x1711), (0x1720, 0x1731), (0x1735, 0x1751), (0x1760, 0x1770), (0x1780, 0x17B6),
    (0x17BE, 0x17C5), (0x17C7, 0x17C8), (0x17D4, 0x17DA), (0x17DC, 0x17E9), (0x1810, 0x18A8), (0x1E00, 0x1FFC),
    (0x2180, 0x2183), (0x2336, 0x237A), (0x2395, 0x2395), (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x3035),
    (0x303B, 0x303C), (0x3041, 0x3096), (0x309D, 0x309E), (0x30A1, 0x30FA), (0x30FC, 0xA48C), (0xAC00, 0xFA29),
];

#[cfg(test)]
mod tests {
    use stringprep::tables;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    /// Every code point, against tables that somebody else typed.
    #[test]
    fn the_tables_are_those_of_rfc_3454() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_space(c), tables::non_ascii_space_character(c), "{c:?}");
            assert_eq!(is_ignorable(c), tables::commonly_mapped_to_nothing(c), "{c:?}");
            let prohibited = tables::non_ascii_space_character(c)
                || tables::ascii_control_character(c)
                || tables::non_ascii_control_character(c)
                || tables::private_use(c)
                || tables::non_character_code_point(c)
                || tables::surrogate_code(c)
                || tables::inappropriate_for_plain_text(c)
                || tables::inappropriate_for_canonical_representation(c)
                || tables::change_display_properties_or_deprecated(c)
                || tables::tagging_character(c);
            assert_eq!(is_prohibited(c), prohibited, "{c:?}");
            let stays = c.nfkc().eq([c]) && !prohibited && !tables::unassigned_code_point(c);
            if stays && !changed_direction(c) {
                assert_eq!(is_right_to_left(c), tables::bidi_r_or_al(c), "{c:?}");
                assert_eq!(is_left_to_right(c), tables::bidi_l(c), "{c:?}");
            }
        }
    }

    /// What runs otherwise in the Unicode that the other tables follow than in Unicode 3.2, which RFC 3454 follows.
    fn changed_direction(c: char) -> bool {
        matches!(c, '\u{CBF}' | '\u{CC6}' | '\u{1734}' | '\u{17B4}' | '\u{17B5}' | '\u{1885}' | '\u{1886}' | '\u{2132}')
            || matches!(c, '\u{2800}'..='\u{28FF}' | '\u{302E}' | '\u{302F}')
    }
}
