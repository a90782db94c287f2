package org.imgblstr.sealing.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.imgblstr.sealing.primitive.MemoryHard;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.primitive.SecretBytes;

/** The five words by which slaves join a session: 51.7 bits when the words were chosen at random. Printed only by {@link #words}. */
public final class JoinCode {
    private static final int WORDS = 5;

    /** One word five times is no code. Of those that are drawn at random one in 67,000 has fewer. */
    private static final int DIFFERENT = 4;

    /** Numbers below this power of two are drawn until one is within the list. */
    private static final int DRAWN = 2048;

    private static final byte[] SALT = "imgblstr join code 1".getBytes(StandardCharsets.US_ASCII);
    private static final int COST = 1 << 15;
    private static final int BLOCK = 8;
    private static final int KEY_BYTES = 32;

    private final List<String> words;

    private JoinCode(List<String> words) {
        this.words = List.copyOf(words);
    }

    /** A new code. */
    public static JoinCode random(RandomBytes random) {
        WordList list = WordList.english();
        List<String> words = new ArrayList<>();
        byte[] drawn = new byte[2];
        while (words.size() < WORDS) {
            random.fill(drawn);
            int index = ((drawn[0] & 0xff) << 8 | (drawn[1] & 0xff)) % DRAWN;
            if (index < list.size()) {
                words.add(list.word(index));
            }
        }
        return new JoinCode(words);
    }

    /**
     * Reads what somebody typed: letters in any case, words apart by anything that is no letter, each whole or cut to three letters or more.
     *
     * @throws SecretException not five words, or one that is not on the list; the message says which, not what it is
     */
    public static JoinCode parse(String text) throws SecretException {
        List<String> words = new ArrayList<>();
        for (String word : typed(text)) {
            String found = WordList.english().find(word);
            if (found == null) {
                int place = words.size() + 1;
                throw new SecretException(
                        "word " + place
                                + " of the join code is not on the list of words: type it as the master shows it",
                        place);
            }
            words.add(found);
        }
        if (words.size() != WORDS) {
            throw new SecretException("expected the five words of a join code, found " + words.size());
        }
        return new JoinCode(words);
    }

    /** Whether so many words are the same that no master should take the code. */
    public boolean isWeak() {
        return words.stream().distinct().count() < DIFFERENT;
    }

    /** The words of what somebody typed, in lower case, whether they are on the list or not. */
    public static List<String> typed(String text) {
        return Stream.of(text.toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The code as the master shows it: whole words in lower case with hyphens between them. */
    public String words() {
        return String.join("-", words);
    }

    /** The key of the code, 32 bytes. Takes 32 MiB and some 70 ms. */
    public SecretBytes key(MemoryHard memoryHard) {
        try (SecretBytes password = SecretBytes.ofAscii(words())) {
            return memoryHard.scrypt(password, SALT, COST, BLOCK, 1, KEY_BYTES);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JoinCode code && words.equals(code.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    @Override
    public String toString() {
        return "hidden";
    }
}
