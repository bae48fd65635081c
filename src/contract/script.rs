//! A small checked text of words with sizes, such as `text4 image3x4 text3`: what a reader writes, or builds from chips.

use super::control::excerpt;
use super::text::{Text, Words};

/// One size that a word bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// What it counts.
    pub name: Text,
    /// The smallest legal one.
    pub min: u32,
    /// The largest legal one.
    pub max: u32,
    /// The one that a new chip begins with.
    pub opening: u32,
}

/// A word of the language: its name, then its sizes with `x` between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vocable {
    /// The letters of the word: stable for ever, lower case.
    pub key: &'static str,
    /// The word of the interface.
    pub name: Text,
    /// Its sizes, one or more.
    pub sizes: &'static [Size],
}

/// One word of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Which vocable, by its index.
    pub vocable: usize,
    /// Its sizes, as many as the vocable has.
    pub sizes: Vec<u32>,
}

impl Word {
    /// The word that a new chip begins with.
    pub fn new(vocable: usize, vocabulary: &[Vocable]) -> Self {
        let sizes = vocabulary.get(vocable).map_or(&[][..], |vocable| vocable.sizes);
        Self { vocable, sizes: sizes.iter().map(|size| size.opening).collect() }
    }

    /// How many pieces it stands for: the product of its sizes.
    pub fn pieces(&self) -> u64 {
        self.sizes.iter().fold(1, |product: u64, size| product.saturating_mul(u64::from(*size)))
    }
}

/// Reads a script: words between spaces, commas or line breaks, `x` or `×` between sizes, in letters of either case.
///
/// # Errors
///
/// A sentence that names the word which is wrong, its place, and what would be right.
pub fn read(text: &str, vocabulary: &[Vocable]) -> Result<Vec<Word>, Words> {
    text.split(|letter: char| letter.is_whitespace() || ",;，、；".contains(letter))
        .filter(|word| !word.is_empty())
        .enumerate()
        .map(|(at, word)| spell(word, vocabulary).map_err(|why| misspelt(at, word, &why)))
        .collect()
}

/// The script of these words, with a separator between them.
pub fn write(words: &[Word], vocabulary: &[Vocable], between: &str) -> String {
    let spelt = words.iter().filter_map(|word| {
        let key = vocabulary.get(word.vocable)?.key;
        Some(format!("{key}{}", word.sizes.iter().map(u32::to_string).collect::<Vec<_>>().join("x")))
    });
    spelt.collect::<Vec<_>>().join(between)
}

/// The forms of all words, for messages: `textN, imageNxN`.
pub fn forms(vocabulary: &[Vocable]) -> String {
    let form = |vocable: &Vocable| format!("{}{}", vocable.key, vec!["N"; vocable.sizes.len()].join("x"));
    vocabulary.iter().map(form).collect::<Vec<_>>().join(", ")
}

fn spell(word: &str, vocabulary: &[Vocable]) -> Result<Word, Words> {
    let lower = word.to_ascii_lowercase();
    let name = lower.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == 'x' || letter == '×');
    // A name may end in x itself: the longest vocable that the word begins with.
    let found =
        vocabulary.iter().enumerate().filter(|(_, each)| lower.starts_with(each.key)).max_by_key(|(_, each)| each.key.len());
    let Some((at, vocable)) = found else {
        let forms = forms(vocabulary);
        return Err(Words::new(
            format!("没有“{}”这种词；可用的有 {forms}", excerpt(name)),
            format!("there is no word “{}”; there are {forms}", excerpt(name)),
        ));
    };
    let rest = &lower[vocable.key.len()..];
    let sizes: Option<Vec<u32>> = rest.split(['x', '×']).map(|size| size.parse().ok()).collect();
    let Some(sizes) = sizes.filter(|sizes| sizes.len() == vocable.sizes.len()) else {
        let form = forms(std::slice::from_ref(vocable));
        return Err(Words::new(format!("应写成 {form}，N 是整数"), format!("it is written {form} with whole numbers N")));
    };
    for (given, size) in sizes.iter().zip(vocable.sizes) {
        if !(size.min..=size.max).contains(given) {
            let Size { name, min, max, .. } = size;
            return Err(Words::new(format!("{}应为 {min} 到 {max}", name.zh), format!("its {} is from {min} to {max}", name.en)));
        }
    }
    Ok(Word { vocable: at, sizes })
}

fn misspelt(at: usize, word: &str, why: &Words) -> Words {
    Words::new(
        format!("第 {} 个词“{}”：{}", at + 1, excerpt(word), why.zh),
        format!("word {}, “{}”: {}", at + 1, excerpt(word), why.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn size(min: u32) -> Size {
        Size { name: Text { zh: "高", en: "height" }, min, max: 64, opening: 3 }
    }

    const VOCABULARY: &[Vocable] = &[
        Vocable { key: "text", name: Text { zh: "文本", en: "text" }, sizes: &[size(0)] },
        Vocable { key: "image", name: Text { zh: "图像", en: "image" }, sizes: &[size(1), size(1)] },
        Vocable { key: "box", name: Text { zh: "盒", en: "box" }, sizes: &[size(1)] },
    ];

    fn wrong(text: &str) -> String {
        read(text, VOCABULARY).expect_err("it is wrong").en
    }

    #[test]
    fn what_is_written_reads_back() {
        let words = read("text4 IMAGE3×4,，\ntext0 box7", VOCABULARY).expect("every word is right");
        assert_eq!(words.len(), 4);
        assert_eq!(write(&words, VOCABULARY, " "), "text4 image3x4 text0 box7");
        assert_eq!(read(&write(&words, VOCABULARY, ","), VOCABULARY), Ok(words));
        assert_eq!(read(" ", VOCABULARY), Ok(Vec::new()));
    }

    #[test]
    fn a_wrong_word_is_named_with_its_place() {
        assert_eq!(wrong("text4 sound3"), "word 2, “sound3”: there is no word “sound”; there are textN, imageNxN, boxN");
        assert_eq!(wrong("image3"), "word 1, “image3”: it is written imageNxN with whole numbers N");
        assert_eq!(wrong("image3x"), "word 1, “image3x”: it is written imageNxN with whole numbers N");
        assert_eq!(wrong("text4 image0x4"), "word 2, “image0x4”: its height is from 1 to 64");
        assert_eq!(wrong("text99999999999"), "word 1, “text99999999999”: it is written textN with whole numbers N");
        assert!(wrong(&"ä".repeat(500)).len() < 200, "a long word is quoted briefly");
    }
}
