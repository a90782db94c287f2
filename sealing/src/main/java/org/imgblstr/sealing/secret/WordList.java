package org.imgblstr.sealing.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of join codes: those of the EFF's short word list 2, in its order. Three letters tell a word, and any two words differ in three
 * letters at least. The one with a hyphen, yo-yo, is never chosen, because hyphens stand between words.
 */
final class WordList {
    /** Letters that tell a word. */
    static final int PREFIX = 3;

    private static final String RESOURCE = "eff_short_wordlist_2.txt";
    private static final WordList ENGLISH = new WordList(published());

    private final List<String> words;
    private final Map<String, String> byPrefix = new HashMap<>();

    private WordList(List<String> published) {
        words = published.stream()
                .filter(word -> word.chars().allMatch(Character::isLetter))
                .toList();
        words.forEach(word -> byPrefix.put(word.substring(0, PREFIX), word));
    }

    static WordList english() {
        return ENGLISH;
    }

    /** The list as it was published. */
    static List<String> published() {
        try (InputStream in = WordList.class.getResourceAsStream(RESOURCE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new IllegalStateException("the word list is not in the program", e);
        }
    }

    int size() {
        return words.size();
    }

    /** {@code index}: from 0. */
    String word(int index) {
        return words.get(index);
    }

    /** The word that somebody wrote whole, or cut to three letters or more; null when there is none. {@code text}: lower case. */
    String find(String text) {
        if (text.length() < PREFIX) {
            return null;
        }
        String word = byPrefix.get(text.substring(0, PREFIX));
        return word != null && word.startsWith(text) ? word : null;
    }
}
