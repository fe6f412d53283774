//! Cuts the data of the release build in two, as split.rs cuts its functions: the constants that only functions of the second
//! half can reach come with it. What no function refers to any more, such as the places that panics would tell, is in neither.
//!
//! The linker leaves each constant a segment of its own, and says where in code and data an address of which constant stands
//! (`--no-merge-data-segments`, `--emit-relocs`; tool conventions, Linking.md, version 2). A constant is reached by a function
//! in whose code a number lies within it, or by one that reaches a constant which points to it. Where the linker was told of an
//! address outside a constant, as one past its end is, no number would tell: such a constant is in the first half.
//!
//! Code is read as it was before wasm-opt put numbers together, and as it is after that. A function that wasm-opt has taken
//! out may have been put into any other, and counts as one of the first half.

use std::collections::HashSet;

use wasmparser::{
    BinaryReader, FunctionBody, Linking, LinkingSectionReader, Operator, RelocSectionReader, RelocationEntry,
    RelocationType, SymbolInfo,
};

use super::module::{
    CODE, CUSTOM, DATA, END, I32_CONST, IMPORTS, content, each, function_names, list, put_bytes, put_constant,
    sections_of, take_byte, take_bytes, take_number,
};

/// What the linker calls a section of constants.
const CONSTANTS: &str = ".rodata";

/// The contents of the data sections of both halves.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Halves {
    pub(super) first: Vec<u8>,
    pub(super) later: Vec<u8>,
}

/// Cuts the data of the module that the linker has made. `before` and `after` are what wasm-opt got and what it gave;
/// `is_later` is told the name of a function and how many bytes of code it has. `None` if they are not laid out as expected,
/// or are not of one build.
pub(super) fn cut(
    linked: &[u8],
    before: &[u8],
    after: &[u8],
    is_later: impl Fn(&str, usize) -> bool,
) -> Option<Halves> {
    let data = Constants::of(linked)?;
    let written = segments_of(&sections_of(after)?)?;
    if !written.iter().map(Segment::in_memory).eq(data.segments.iter().map(Segment::in_memory)) {
        return None;
    }
    let (mut first, mut later) = (data.pinned.clone(), HashSet::new());
    for module in [before, after] {
        for (name, body) in functions_of(module)? {
            let half = if is_later(name, body.len()) { &mut later } else { &mut first };
            half.extend(addresses_in(body).ok()?.into_iter().filter_map(|address| data.at(address)));
        }
    }
    let first = data.reached_from(first);
    let later = &data.reached_from(later) - &first;
    Some(Halves { first: data.written(&first, &HashSet::new()), later: data.written(&later, &first) })
}

struct Segment<'a> {
    /// The address in memory.
    start: usize,
    bytes: &'a [u8],
    /// Where in the section its bytes begin.
    place: usize,
}

impl<'a> Segment<'a> {
    fn in_memory(&self) -> (usize, &'a [u8]) {
        (self.start, self.bytes)
    }
}

struct Constants<'a> {
    segments: Vec<Segment<'a>>,
    /// Which others each one points to.
    pointers: Vec<HashSet<usize>>,
    /// What is no constant, and what somebody has an address outside of.
    pinned: HashSet<usize>,
}

impl<'a> Constants<'a> {
    fn of(linked: &'a [u8]) -> Option<Self> {
        let sections = sections_of(linked)?;
        let segments = segments_of(&sections)?;
        let mut constants = Self { pointers: vec![HashSet::new(); segments.len()], segments, pinned: HashSet::new() };
        let (symbols, names) = linking(custom(&sections, "linking").next()?).ok()?;
        if names.len() != constants.segments.len() {
            return None;
        }
        constants.pinned.extend((0..names.len()).filter(|at| !names[*at].starts_with(CONSTANTS)));
        for relocations in custom(&sections, "reloc.") {
            let relocations = RelocSectionReader::new(relocations).ok()?;
            let (section, _) = *sections.get(relocations.section_index() as usize)?;
            for relocation in relocations.entries() {
                constants.refer(section, relocation.ok()?, &symbols)?;
            }
        }
        Some(constants)
    }

    /// Notes a place in `section` where an address stands, if that is one in memory.
    fn refer(&mut self, section: u8, to: RelocationEntry, symbols: &[SymbolInfo]) -> Option<()> {
        use RelocationType::*;
        match to.ty {
            MemoryAddrI32 | MemoryAddrLeb | MemoryAddrSleb => {}
            FunctionIndexLeb | TableIndexSleb | TableIndexI32 | TypeIndexLeb | GlobalIndexLeb | TableNumberLeb => {
                return Some(());
            }
            _ => return None,
        }
        let SymbolInfo::Data { symbol, .. } = symbols.get(to.index as usize)? else { return None };
        // What the linker defines itself, as the end of all data, is in no segment.
        let Some(symbol) = symbol else { return Some(()) };
        let segment = symbol.index as usize;
        if !(0..i64::from(symbol.size).max(1)).contains(&to.addend) {
            self.pinned.insert(segment);
        }
        if section == DATA {
            let from = self.segments.partition_point(|other| other.place <= to.offset as usize).checked_sub(1)?;
            self.pointers.get_mut(from)?.insert(segment);
        }
        Some(())
    }

    fn at(&self, address: usize) -> Option<usize> {
        let segment = self.segments.partition_point(|segment| segment.start <= address).checked_sub(1)?;
        let Segment { start, bytes, .. } = &self.segments[segment];
        (address < start + bytes.len()).then_some(segment)
    }

    /// Those in `from`, those that they point to, and so on.
    fn reached_from(&self, from: HashSet<usize>) -> HashSet<usize> {
        let mut next: Vec<_> = from.iter().copied().collect();
        let mut reached = from;
        while let Some(segment) = next.pop() {
            next.extend(self.pointers[segment].iter().filter(|other| reached.insert(**other)));
        }
        reached
    }

    /// The content of a data section with `wanted`, in as few segments as can be: what lies between two of them is zeros, unless
    /// it is `kept` as it is.
    fn written(&self, wanted: &HashSet<usize>, kept: &HashSet<usize>) -> Vec<u8> {
        let mut runs: Vec<(usize, Vec<u8>)> = Vec::new();
        let mut is_apart = true;
        for (at, Segment { start, bytes, .. }) in self.segments.iter().enumerate() {
            is_apart |= kept.contains(&at);
            // Memory is zeros at first.
            if !wanted.contains(&at) || is_zeros(bytes) {
                continue;
            }
            match runs.last_mut() {
                Some((first, run)) if !is_apart => {
                    run.resize(start - *first, 0);
                    run.extend(*bytes);
                }
                _ => runs.push((*start, bytes.to_vec())),
            }
            is_apart = false;
        }
        list(runs.into_iter().map(|(start, run)| segment(start, &run)))
    }
}

/// A segment as its section has it.
fn segment(start: usize, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0];
    put_constant(&mut out, start);
    out.push(END);
    put_bytes(&mut out, bytes);
    out
}

/// `None` if there is one that is not put to a fixed address of the first memory.
fn segments_of<'a>(sections: &[(u8, &'a [u8])]) -> Option<Vec<Segment<'a>>> {
    let section = content(sections, DATA)?;
    each(section, |rest| {
        let head = [take_byte(rest)?, take_byte(rest)?];
        let start = take_number(rest)?;
        if head != [0, I32_CONST] || take_byte(rest)? != END {
            return None;
        }
        let bytes = take_bytes(rest)?;
        Some(Segment { start, bytes, place: section.len() - rest.len() - bytes.len() })
    })
}

/// How many bytes of data a module has, without what is zeros, as memory is at first.
pub(crate) fn bytes_in(sections: &[(u8, &[u8])]) -> Option<usize> {
    let bytes = segments_of(sections)?.into_iter().map(|segment| segment.bytes);
    Some(bytes.filter(|bytes| !is_zeros(bytes)).map(<[u8]>::len).sum())
}

fn is_zeros(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// The contents of the custom sections whose names begin with `name`.
fn custom<'a>(sections: &[(u8, &'a [u8])], name: &str) -> impl Iterator<Item = BinaryReader<'a>> {
    sections.iter().filter(|(id, _)| *id == CUSTOM).filter_map(move |(_, content)| {
        let mut content = *content;
        take_bytes(&mut content)?.starts_with(name.as_bytes()).then(|| BinaryReader::new(content, 0))
    })
}

/// The symbols, and the names of the data segments.
fn linking(section: BinaryReader<'_>) -> wasmparser::Result<(Vec<SymbolInfo<'_>>, Vec<&str>)> {
    let (mut symbols, mut names) = (Vec::new(), Vec::new());
    for part in LinkingSectionReader::new(section)?.subsections() {
        match part? {
            Linking::SymbolTable(table) => symbols = table.into_iter().collect::<wasmparser::Result<_>>()?,
            Linking::SegmentInfo(segments) => {
                names = segments.into_iter().map(|segment| Ok(segment?.name)).collect::<wasmparser::Result<_>>()?;
            }
            _ => {}
        }
    }
    Ok((symbols, names))
}

/// The names and bodies of the functions that a module defines. All its imports are functions: see shrink.rs.
fn functions_of(module: &[u8]) -> Option<Vec<(&str, &[u8])>> {
    let sections = sections_of(module)?;
    let names = function_names(&sections)?;
    let imports = take_number(&mut content(&sections, IMPORTS)?)?;
    let mut code = content(&sections, CODE)?;
    let count = take_number(&mut code)?;
    (imports..imports + count).map(|at| Some((*names.get(&at)?, take_bytes(&mut code)?))).collect()
}

/// All numbers of a function that can be addresses.
fn addresses_in(body: &[u8]) -> wasmparser::Result<Vec<usize>> {
    use Operator::*;
    let mut addresses = Vec::new();
    for operator in FunctionBody::new(BinaryReader::new(body, 0)).get_operators_reader()? {
        match operator? {
            I32Const { value } => addresses.push(value as u32 as usize),
            I32Load { memarg }
            | I64Load { memarg }
            | F32Load { memarg }
            | F64Load { memarg }
            | I32Load8S { memarg }
            | I32Load8U { memarg }
            | I32Load16S { memarg }
            | I32Load16U { memarg }
            | I64Load8S { memarg }
            | I64Load8U { memarg }
            | I64Load16S { memarg }
            | I64Load16U { memarg }
            | I64Load32S { memarg }
            | I64Load32U { memarg }
            | I32Store { memarg }
            | I64Store { memarg }
            | F32Store { memarg }
            | F64Store { memarg }
            | I32Store8 { memarg }
            | I32Store16 { memarg }
            | I64Store8 { memarg }
            | I64Store16 { memarg }
            | I64Store32 { memarg } => addresses.push(memarg.offset as usize),
            _ => {}
        }
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::module::{FUNCTION_NAMES, HEAD, bytes};

    // Types of relocations and symbols, and parts of the section `linking`.
    const FUNCTION_INDEX: u8 = 0;
    const ADDRESS_IN_CODE: u8 = 4;
    const ADDRESS_IN_DATA: u8 = 5;
    const DATA_SYMBOL: u8 = 1;
    const SEGMENTS: u8 = 5;
    const SYMBOLS: u8 = 8;

    const START: usize = 1024;
    /// Of each constant.
    const LENGTH: usize = 4;

    fn module(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let sections: Vec<_> = sections.iter().map(|(id, content)| [vec![*id], bytes(content)].concat()).collect();
        [HEAD.to_vec(), sections.concat()].concat()
    }

    /// Constants called by numbers, whose bytes are all their number and one; each has a symbol of the same number.
    fn data(names: &[&str]) -> Vec<u8> {
        list((0..names.len()).map(|at| segment(address(at), &[at as u8 + 1; LENGTH])))
    }

    /// What the linker makes. In `code` stand addresses, as constants and what is added to them; in `pointers` one constant
    /// points to the other.
    fn linked(names: &[&str], code: &[(usize, i8)], pointers: &[(usize, usize)]) -> Vec<u8> {
        let named = names.iter().map(|name| [bytes(name.as_bytes()), vec![0, 0]].concat());
        let symbols = (0..names.len()).map(|at| vec![DATA_SYMBOL, 0, 1, b's', at as u8, 0, LENGTH as u8]);
        let linking =
            [&bytes(b"linking")[..], &[2, SEGMENTS], &bytes(&list(named)), &[SYMBOLS], &bytes(&list(symbols))];
        let mut in_code = vec![vec![FUNCTION_INDEX, 0, 0]];
        in_code.extend(code.iter().map(|(to, more)| vec![ADDRESS_IN_CODE, 0, *to as u8, *more as u8 & 0x7F]));
        let place = |from: usize| segments_of(&[(DATA, &data(names))]).unwrap()[from].place as u8;
        let in_data: Vec<_> =
            pointers.iter().map(|(from, to)| vec![ADDRESS_IN_DATA, place(*from), *to as u8, 0]).collect();
        let relocations = |name: &[u8], section, of| (CUSTOM, [bytes(name), vec![section], list(of)].concat());
        let sections = [
            (CODE, vec![0]),
            (DATA, data(names)),
            (CUSTOM, linking.concat()),
            relocations(b"reloc.CODE", 0, in_code),
            relocations(b"reloc.DATA", 1, in_data),
        ];
        module(&sections)
    }

    /// With functions of these names, in which stand numbers; no import.
    fn compiled(names: &[&str], functions: &[(&str, &[usize])]) -> Vec<u8> {
        let body = |numbers: &[usize]| {
            let mut body = vec![0];
            numbers.iter().for_each(|number| put_constant(&mut body, *number));
            body.push(END);
            bytes(&body)
        };
        let bodies = functions.iter().map(|(_, numbers)| body(numbers));
        let named = |(at, (name, _)): (usize, &(&str, _))| [vec![at as u8], bytes(name.as_bytes())].concat();
        let named = list(functions.iter().enumerate().map(named));
        let custom = [bytes(b"name"), vec![FUNCTION_NAMES], bytes(&named)].concat();
        module(&[(IMPORTS, vec![0]), (CODE, list(bodies)), (DATA, data(names)), (CUSTOM, custom)])
    }

    fn address(of: usize) -> usize {
        START + of * LENGTH
    }

    /// Which constants a half has.
    fn in_half(half: &[u8]) -> Vec<usize> {
        let segments = segments_of(&[(DATA, half)]).unwrap();
        let mut found: Vec<_> = segments.iter().flat_map(|it| it.bytes).filter(|byte| **byte > 0).collect();
        found.dedup();
        found.into_iter().map(|byte| usize::from(*byte) - 1).collect()
    }

    fn constants(linked: &[u8], before: &[u8], after: &[u8]) -> (Vec<usize>, Vec<usize>) {
        let halves = cut(linked, before, after, |name, _| name == "later").unwrap();
        (in_half(&halves.first), in_half(&halves.later))
    }

    const FIVE: [&str; 5] = [".rodata.a"; 5];

    #[test]
    fn constants_come_with_the_first_function_that_reaches_them() {
        let linked = linked(&FIVE, &[], &[(1, 2), (3, 2)]);
        let module = compiled(&FIVE, &[("first", &[address(1)]), ("later", &[address(1), address(3) + 2])]);
        // The first one and the last nobody reaches.
        assert_eq!(constants(&linked, &module, &module), (vec![1, 2], vec![3]));
    }

    #[test]
    fn what_is_no_constant_or_has_an_address_outside_is_first() {
        let names = [".rodata.a", ".data.b", ".rodata.c", ".rodata.d", ".rodata.e"];
        let linked = linked(&names, &[(2, LENGTH as i8), (3, -1), (4, 3)], &[]);
        let module = compiled(&names, &[("later", &[0, 1, 2, 3, 4].map(address))]);
        assert_eq!(constants(&linked, &module, &module), (vec![1, 2, 3], vec![0, 4]));
    }

    #[test]
    fn what_a_function_reached_that_wasm_opt_has_taken_out_is_first() {
        let linked = linked(&FIVE, &[], &[]);
        let before = compiled(&FIVE, &[("inlined", &[address(0)]), ("later", &[address(1)])]);
        // In this one wasm-opt has made another number of two.
        let after = compiled(&FIVE, &[("first", &[address(2)]), ("later", &[address(3)])]);
        assert_eq!(constants(&linked, &before, &after), (vec![0, 2], vec![1, 3]));
    }

    #[test]
    fn each_is_at_its_address_and_leaves_the_other_half_as_it_is() {
        let linked = linked(&FIVE, &[], &[]);
        let module = compiled(&FIVE, &[("first", &[2, 4].map(address)), ("later", &[0, 1, 3].map(address))]);
        let halves = cut(&linked, &module, &module, |name, _| name == "later").unwrap();
        let written = |half: &[u8]| -> Vec<_> {
            let segments = segments_of(&[(DATA, half)]).unwrap();
            segments.iter().map(|it| (it.start, it.bytes.to_vec())).collect()
        };
        assert_eq!(written(&halves.first), [(address(2), [[3; LENGTH], [0; LENGTH], [5; LENGTH]].concat())]);
        assert_eq!(
            written(&halves.later),
            [(address(0), [[1; LENGTH], [2; LENGTH]].concat()), (address(3), vec![4; LENGTH])]
        );
    }

    #[test]
    fn addresses_are_seen_in_loads_and_stores_too() {
        // i32.const 7, i32.const 8, i32.load offset=300, i32.store8 offset=9
        let body = [0, I32_CONST, 7, I32_CONST, 8, 0x28, 2, 0xAC, 2, 0x3A, 0, 9, END];
        assert_eq!(addresses_in(&body).unwrap(), [7, 8, 300, 9]);
    }

    #[test]
    fn data_of_another_build_are_not_cut() {
        let module = compiled(&FIVE, &[]);
        assert!(cut(&linked(&FIVE[..4], &[], &[]), &module, &module, |_, _| false).is_none());
        assert!(cut(&module, &module, &module, |_, _| false).is_none());
    }
}
