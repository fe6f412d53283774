//! What fuzzing keeps for the reader: a browser has no files to read, so they are named here.

macro_rules! frames {
    ($($name:literal)*) => {
        &[$(include_bytes!(concat!("../../fuzz/corpus/xml/", $name))),*]
    };
}

/// The files of `fuzz/corpus/xml/`. `tests/fuzz_corpora.rs` sees to it that none is missing.
#[rustfmt::skip]
pub(crate) const XML: &[&[u8]] = frames!(
    "00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11"
    "12" "13" "14" "15" "16" "17" "18" "19" "20" "21" "22" "23"
    "24" "25" "26" "27" "28" "29" "30" "31" "32" "33" "34" "35"
    "36" "37" "38" "39" "40" "41" "42" "43" "44" "45" "46" "47"
    "48"
);
