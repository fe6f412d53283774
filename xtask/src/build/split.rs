//! Cuts the release build of the wasm in two: what runs until a user is logged in and sees the contacts, and what can be
//! loaded after that.
//!
//! The halves share the memory, the tables and the globals, which are the first one's, and have the same functions under
//! the same indices. Each function is whole in one of them; in the other stands a stub, which calls it through the table.
//! wasm-opt takes out the stubs that nobody calls. So of no function the code must be changed. What each half has of the data,
//! data.rs says.
//!
//! A stub of the first half begins with a call of [`LOAD`], through the table again: once the other half is there, a function
//! that does nothing stands in that place.

use std::{
    collections::HashSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{
    LATER, WASM, data, first,
    module::{
        CODE, CUSTOM, DATA, DATA_COUNT, ELEMENTS, END, EXPORTS, FUNCTIONS, GLOBALS, HEAD, I32_CONST, IMPORTS, Limits,
        MEMORIES, TABLES, TYPES, bytes, content, each, function_names, list, number, plain, put_bytes, put_constant,
        put_number, sections_of, take_byte, take_bytes, take_number,
    },
    read_whole,
};
use crate::{
    failure::{Result, While, fail},
    process,
    project::{read, root, wasm_target},
    setup::{TARGET, Tools},
};

/// The export that loads the second half, of type `() -> ()`: see `src/api/later.rs`.
const LOAD: &str = "later";

/// What the second half imports what it shares from. Its names begin with eight digits that only this build has, so that the
/// halves of different builds cannot be joined.
const FIRST: &str = "first";

/// What the linker has made, in the folder of what is compiled for the target.
const LINKED: &str = "release/converse_wasm.wasm";

/// A function whose code is not longer than a stub is whole in both halves.
const STUB: usize = 16;

// Kinds of what is imported and exported.
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;

const CALL: u8 = 0x10;
const CALL_INDIRECT: u8 = 0x11;
const LOCAL_GET: u8 = 0x20;
const FUNCTION_TYPE: u8 = 0x60;

struct Halves {
    first: Vec<u8>,
    later: Vec<u8>,
}

/// Makes what is shipped of the whole module. The functions of the first half are those that [`first::LIST`] names.
pub(super) fn run(tools: &Tools) -> Result {
    let module = read_whole()?;
    let before = fs::read(root().join(WASM)).while_(format_args!("cannot read {WASM}"))?;
    let linked = wasm_target().join(TARGET).join(LINKED);
    let linked = fs::read(&linked).while_(format_args!("cannot read {}", linked.display()))?;
    let list = read(&root().join(first::LIST))?;
    let first: HashSet<_> = list.lines().collect();
    let halves = || {
        let whole = Whole::of(&module, |name| first.contains(name))?;
        whole.halves(data::cut(&linked, &before, &module, |name, length| whole.is_later(name, length))?)
    };
    let Some(halves) = halves() else {
        fail!("the wasm is not laid out as wasm-opt lays it out: xtask/src/build/split.rs must be told how it is now");
    };
    for (path, half) in [(WASM, halves.first), (LATER, halves.later)] {
        fs::write(root().join(path), half).while_(format_args!("cannot write {path}"))?;
        process::run(tools.node_bin("wasm-opt").args(["--remove-unused-module-elements", path, "-o", path]))?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Later,
}

/// What has to be known of a module. Its functions are those that it defines; they have indices after the imported ones.
struct Whole<'a> {
    sections: Vec<(u8, &'a [u8])>,
    imported: usize,
    types: Vec<Type>,
    /// The type of each function.
    functions: Vec<usize>,
    bodies: Vec<&'a [u8]>,
    /// Where each function is whole.
    homes: Vec<Half>,
    /// The names of those of the second half.
    later: HashSet<&'a str>,
    /// How long the table of functions is before anything is added: the first place for what is.
    table: usize,
    /// What the halves have in common: kind and type of each table, memory and global, in this order.
    shared: Vec<(u8, Vec<u8>)>,
    /// The index of [`LOAD`].
    load: usize,
    /// What the names of the shared begin with.
    build: String,
}

#[derive(PartialEq, Eq)]
struct Type {
    parameters: usize,
    results: usize,
}

impl<'a> Whole<'a> {
    /// Looks at `module`, whose functions have names. `None` if it is not laid out as wasm-bindgen and wasm-opt lay it out.
    fn of(module: &'a [u8], is_first: impl Fn(&str) -> bool) -> Option<Self> {
        let sections = sections_of(module)?;
        let section = |id| content(&sections, id);
        // All imports are functions: see shrink.rs.
        let imported = take_number(&mut section(IMPORTS)?)?;
        let bodies = each(section(CODE)?, take_bytes)?;
        let names = function_names(&sections)?;
        let tables = each(section(TABLES)?, take_table)?;
        let exports =
            each(section(EXPORTS)?, |export| Some((take_bytes(export)?, take_byte(export)?, take_number(export)?)))?;
        let load = exports.iter().find(|(name, ..)| *name == LOAD.as_bytes())?.2;
        let home = |at| match names.get(&(imported + at)) {
            _ if imported + at == load => Half::First,
            Some(name) if is_first(&plain(name)) => Half::First,
            _ => Half::Later,
        };
        let homes: Vec<_> = (0..bodies.len()).map(home).collect();
        let later = (0..bodies.len()).filter(|at| homes[*at] == Half::Later);
        Some(Self {
            imported,
            later: later.filter_map(|at| names.get(&(imported + at)).copied()).collect(),
            types: each(section(TYPES)?, take_type)?,
            functions: each(section(FUNCTIONS)?, take_number)?,
            homes,
            table: tables.first()?.1.least,
            // One place for each function, and one for what loads.
            shared: shared(&sections, tables, bodies.len() + 1)?,
            load,
            build: build_of(module),
            bodies,
            sections,
        })
    }

    /// Whether a function is in the second half alone, whole. One of few bytes is in both, and may be in others besides, where
    /// wasm-opt has put it.
    fn is_later(&self, name: &str, length: usize) -> bool {
        length > STUB && self.later.contains(name)
    }

    fn halves(&self, data: data::Halves) -> Option<Halves> {
        Some(Halves { first: self.half(Half::First, data.first)?, later: self.half(Half::Later, data.later)? })
    }

    fn half(&self, half: Half, data: Vec<u8>) -> Option<Vec<u8>> {
        let mut out = HEAD.to_vec();
        for &(id, content) in &self.sections {
            let content = match (id, half) {
                // Nobody looks at names from here on.
                (CUSTOM, _) if content.starts_with(&bytes(b"name")) => continue,
                (TYPES | CUSTOM, _) | (IMPORTS | MEMORIES | GLOBALS, Half::First) => content.to_vec(),
                (DATA, _) => data.clone(),
                // Only instructions for passive segments, of which there are none, ask for their number.
                (DATA_COUNT, _) | (TABLES | MEMORIES | GLOBALS | EXPORTS, Half::Later) => continue,
                (FUNCTIONS, _) => joined(content, [number(self.load_type()?)])?,
                (TABLES, Half::First) => list(self.of_kind(TABLE)),
                (IMPORTS, Half::Later) => joined(content, self.imports())?,
                (EXPORTS, Half::First) => joined(content, self.exports())?,
                (ELEMENTS, Half::First) => joined(content, self.segments(half))?,
                (ELEMENTS, Half::Later) => list(self.segments(half)),
                (CODE, _) => list(self.code(half)?),
                _ => return None,
            };
            out.push(id);
            put_bytes(&mut out, &content);
        }
        Some(out)
    }

    fn load_type(&self) -> Option<usize> {
        self.types.iter().position(|it| *it == Type { parameters: 0, results: 0 })
    }

    /// What the halves share of one kind, each as its section has it.
    fn of_kind(&self, wanted: u8) -> Vec<Vec<u8>> {
        self.shared.iter().filter(|(kind, _)| *kind == wanted).map(|(_, it)| it.clone()).collect()
    }

    /// What the one half exports, and the other imports: names and kinds, with the index among those of the kind, and the
    /// type.
    fn crossing(&self) -> impl Iterator<Item = (Vec<u8>, u8, usize, &[u8])> {
        self.shared.iter().enumerate().map(|(at, (kind, it))| {
            let before = self.shared[..at].iter().filter(|(other, _)| other == kind).count();
            (bytes(format!("{}{at}", self.build).as_bytes()), *kind, before, it.as_slice())
        })
    }

    fn exports(&self) -> impl Iterator<Item = Vec<u8>> {
        self.crossing().map(|(name, kind, index, _)| [name, vec![kind], number(index)].concat())
    }

    fn imports(&self) -> impl Iterator<Item = Vec<u8>> {
        self.crossing().map(|(name, kind, _, of)| [bytes(FIRST.as_bytes()), name, vec![kind], of.to_vec()].concat())
    }

    /// The functions of a half, by their places among all.
    fn whole_in(&self, half: Half) -> impl Iterator<Item = usize> {
        (0..self.bodies.len()).filter(move |at| self.homes[*at] == half)
    }

    /// What each half writes into the table: first what is called to load, then the functions of the first half, then those
    /// of the second.
    fn segments(&self, half: Half) -> Vec<Vec<u8>> {
        let functions = self.whole_in(half).map(|at| self.imported + at);
        match half {
            Half::First => vec![segment(self.table, [self.load].into_iter().chain(functions))],
            Half::Later => {
                let loaded = self.imported + self.bodies.len();
                let after = self.table + 1 + self.whole_in(Half::First).count();
                vec![segment(self.table, [loaded].into_iter()), segment(after, functions)]
            }
        }
    }

    /// The bodies of a half, and one more: it calls what loads, or it is what stands in its place.
    fn code(&self, half: Half) -> Option<Vec<Vec<u8>>> {
        let load_type = self.load_type()?;
        let mut slots = vec![0; self.bodies.len()];
        for (rank, at) in self.whole_in(Half::First).chain(self.whole_in(Half::Later)).enumerate() {
            slots[at] = self.table + 1 + rank;
        }
        let mut code = Vec::new();
        for (at, body) in self.bodies.iter().enumerate() {
            let of = *self.functions.get(at)?;
            let stub = || {
                let mut stub = Vec::new();
                if half == Half::First {
                    stub.push(CALL);
                    put_number(&mut stub, self.imported + self.bodies.len());
                }
                for parameter in 0..self.types.get(of)?.parameters {
                    stub.push(LOCAL_GET);
                    put_number(&mut stub, parameter);
                }
                Some(call_of(stub, slots[at], of))
            };
            let is_whole = self.homes[at] == half || body.len() <= STUB;
            code.push(bytes(&if is_whole { body.to_vec() } else { stub()? }));
        }
        code.push(bytes(&match half {
            Half::First => call_of(Vec::new(), self.table, load_type),
            Half::Later => vec![0, END],
        }));
        Some(code)
    }
}

fn build_of(module: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    module.hash(&mut hasher);
    format!("{:08x}", hasher.finish() as u32)
}

/// A body without locals: `code`, and a call of the function of the type `of` in the table's place `slot`.
fn call_of(code: Vec<u8>, slot: usize, of: usize) -> Vec<u8> {
    let mut body = vec![0];
    body.extend(code);
    put_constant(&mut body, slot);
    body.push(CALL_INDIRECT);
    put_number(&mut body, of);
    body.extend([0, END]);
    body
}

/// What puts `functions` into the first table, from the place `start` on.
fn segment(start: usize, functions: impl Iterator<Item = usize>) -> Vec<u8> {
    let mut out = vec![0];
    put_constant(&mut out, start);
    out.push(END);
    out.extend(list(functions.map(number)));
    out
}

/// The kinds and types of the tables, the first of which is longer by `more`, the memories and the globals.
fn shared(sections: &[(u8, &[u8])], mut tables: Vec<(u8, Limits)>, more: usize) -> Option<Vec<(u8, Vec<u8>)>> {
    let (_, functions) = tables.first_mut()?;
    functions.least += more;
    functions.most = functions.most.map(|most| most + more);
    let tables = tables.into_iter().map(|(kind, limits)| (TABLE, [vec![kind], limits.written()].concat()));
    let memories = each(content(sections, MEMORIES)?, Limits::take)?;
    let memories = memories.into_iter().map(|limits| (MEMORY, limits.written()));
    let globals = each(content(sections, GLOBALS)?, take_global)?;
    Some(tables.chain(memories).chain(globals.into_iter().map(|it| (GLOBAL, it))).collect())
}

fn take_table(from: &mut &[u8]) -> Option<(u8, Limits)> {
    Some((take_byte(from)?, Limits::take(from)?))
}

fn take_type(from: &mut &[u8]) -> Option<Type> {
    if take_byte(from)? != FUNCTION_TYPE {
        return None;
    }
    Some(Type { parameters: take_bytes(from)?.len(), results: take_bytes(from)?.len() })
}

/// Takes a global and gives its type. What it begins with must be a number.
fn take_global(from: &mut &[u8]) -> Option<Vec<u8>> {
    let of = vec![take_byte(from)?, take_byte(from)?];
    if take_byte(from)? != I32_CONST {
        return None;
    }
    while take_byte(from)? >= 0x80 {}
    (take_byte(from)? == END).then_some(of)
}

/// A section that is a list, with `more` at its end.
fn joined(mut section: &[u8], more: impl IntoIterator<Item = Vec<u8>>) -> Option<Vec<u8>> {
    let count = take_number(&mut section)?;
    let more: Vec<_> = more.into_iter().collect();
    Some([number(count + more.len()), section.to_vec(), more.concat()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::module::FUNCTION_NAMES;

    /// Longer than a stub: locals of no type, thirty `nop`, `end`.
    const LONG: [u8; 32] = {
        let mut long = [1; 32];
        long[0] = 0;
        long[31] = END;
        long
    };

    /// With one import, and the functions `later`, `first`, `second` and `short`, all of type `() -> ()`. `second` stands in
    /// the table.
    fn module() -> Vec<u8> {
        let names = ["later", "first", "second", "short"];
        let bodies = [&LONG[..], &LONG, &LONG, &[0, END]];
        let name = |(at, name): (usize, &str)| [number(at + 1), bytes(name.as_bytes())].concat();
        let named = bytes(&list(names.into_iter().enumerate().map(name)));
        let sections = [
            (TYPES, vec![1, FUNCTION_TYPE, 0, 0]),
            (IMPORTS, [&[1][..], &bytes(b"m"), &bytes(b"f"), &[0, 0]].concat()),
            (FUNCTIONS, vec![4, 0, 0, 0, 0]),
            (TABLES, vec![1, 0x70, 1, 2, 2]),
            (MEMORIES, vec![1, 0, 17]),
            (GLOBALS, vec![1, 0x7F, 1, I32_CONST, 0x80, 8, END]),
            (EXPORTS, [&[1][..], &bytes(b"later"), &[0, 1]].concat()),
            (ELEMENTS, vec![1, 0, I32_CONST, 1, END, 1, 3]),
            (CODE, list(bodies.map(bytes))),
            (DATA, vec![0]),
            (CUSTOM, [&bytes(b"name")[..], &[FUNCTION_NAMES], &named].concat()),
        ];
        let section = |(id, content): (u8, Vec<u8>)| [vec![id], bytes(&content)].concat();
        [HEAD.to_vec(), sections.map(section).concat()].concat()
    }

    fn halves() -> Halves {
        let data = data::Halves { first: vec![1], later: vec![2] };
        Whole::of(&module(), |name| name == "first").unwrap().halves(data).unwrap()
    }

    fn bodies(half: &[u8]) -> Vec<&[u8]> {
        each(content(&sections_of(half).unwrap(), CODE).unwrap(), take_bytes).unwrap()
    }

    #[test]
    fn each_function_is_whole_in_one_half_and_a_stub_in_the_other() {
        let Halves { first, later } = halves();
        // The table had two places. Then come what loads, `later`, `first`, `second` and `short`.
        let stub = |slot| [0, I32_CONST, slot, CALL_INDIRECT, 0, 0, END];
        let stub_that_loads = [0, CALL, 5, I32_CONST, 5, CALL_INDIRECT, 0, 0, END];
        assert_eq!(bodies(&first), [&LONG[..], &LONG, &stub_that_loads, &[0, END], &stub(2)]);
        assert_eq!(bodies(&later), [&stub(3)[..], &stub(4), &LONG, &[0, END], &[0, END]]);
    }

    #[test]
    fn each_half_puts_its_functions_into_the_table_they_share() {
        let Halves { first, later } = halves();
        let elements = |half: &[u8]| content(&sections_of(half).unwrap(), ELEMENTS).unwrap().to_vec();
        let before = [0, I32_CONST, 1, END, 1, 3];
        assert_eq!(elements(&first), [&[2][..], &before, &[0, I32_CONST, 2, END, 3, 1, 1, 2]].concat());
        // What stands where the first half calls what loads does nothing.
        assert_eq!(elements(&later), [2, 0, I32_CONST, 2, END, 1, 5, 0, I32_CONST, 5, END, 2, 3, 4]);
        assert_eq!(content(&sections_of(&first).unwrap(), TABLES), Some(&[1, 0x70, 1, 7, 7][..]));
    }

    #[test]
    fn the_second_half_has_code_and_data_and_joins_no_other_build() {
        let Halves { first, later } = halves();
        let (sections, exporting) = (sections_of(&later).unwrap(), sections_of(&first).unwrap());
        for id in [TABLES, MEMORIES, GLOBALS, EXPORTS] {
            assert_eq!(content(&sections, id), None);
        }
        assert_eq!((content(&exporting, DATA), content(&sections, DATA)), (Some(&[1][..]), Some(&[2][..])));
        let name = |section: &[u8]| section.windows(8).filter(|it| *it == build_of(&module()).as_bytes()).count();
        assert_eq!(name(content(&sections, IMPORTS).unwrap()), 3);
        assert_eq!(name(content(&exporting, EXPORTS).unwrap()), 3);
        assert_ne!(build_of(&module()), build_of(&module()[1..]));
    }

    #[test]
    fn what_is_not_expected_is_not_cut() {
        assert!(Whole::of(&module()[..60], |_| true).is_none());
        // No export is called as that which loads.
        let renamed: Vec<u8> = module().iter().map(|byte| if *byte == b'l' { b'm' } else { *byte }).collect();
        assert!(Whole::of(&renamed, |_| true).is_none());
    }
}
