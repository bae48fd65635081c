//! Words in Chinese and English: a missing translation does not compile.

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese, the language of the blog.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both languages, the blog's own first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 tag, as the `lang` attribute wants it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The short form of the address: `zh` or `en`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language of a BCP 47 tag: every kind of Chinese is Chinese, every other tag English,
    /// the wider understood of the two.
    pub fn of_tag(tag: &str) -> Self {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        if first.eq_ignore_ascii_case("zh") { Self::Zh } else { Self::En }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

/// Fixed words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The same in both languages: a symbol, a proper name.
    pub const fn same(word: &'static str) -> Self {
        Self { zh: word, en: word }
    }

    /// The words in one language.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// Fixed words, Chinese first.
pub const fn t(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

/// Words made while running, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Words from their two forms.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same in both languages: numbers, symbols.
    pub fn same(word: impl Into<String>) -> Self {
        let word = word.into();
        Self { zh: word.clone(), en: word }
    }

    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// This sentence followed by another; Chinese needs no space between sentences.
    #[must_use]
    pub fn then(mut self, next: &Self) -> Self {
        if next.zh.is_empty() && next.en.is_empty() {
            return self;
        }
        self.zh.push_str(&next.zh);
        if !self.en.is_empty() {
            self.en.push(' ');
        }
        self.en.push_str(&next.en);
        self
    }
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self::new(text.zh, text.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chinese_tag_is_chinese_and_the_rest_english() {
        for tag in ["zh", "zh-CN", "zh_TW", "ZH-Hant-HK"] {
            assert_eq!(Lang::of_tag(tag), Lang::Zh, "{tag}");
        }
        for tag in ["en", "de-AT", "", "zha", "fr"] {
            assert_eq!(Lang::of_tag(tag), Lang::En, "{tag}");
        }
    }

    #[test]
    fn sentences_join_with_a_space_only_in_english() {
        let joined = Words::new("一。", "One.").then(&Words::new("二。", "Two."));
        assert_eq!(joined, Words::new("一。二。", "One. Two."));
    }
}
