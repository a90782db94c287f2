package org.imgblstr.sealing.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.imgblstr.sealing.Vector;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinCodeTest {
    private static final String CODE = "aardvark-gothic-mozzarella-symphony-zucchini";

    @Test
    void theListHas1296WordsInTheirOrder() {
        List<String> words = WordList.published();

        assertThat(words).hasSize(1296).doesNotHaveDuplicates().isSorted();
        assertThat(words).allMatch(word -> word.matches("[a-z-]{3,10}"));
    }

    @Test
    void theFirstThreeLettersTellAWord() {
        Set<String> prefixes = WordList.published().stream()
                .map(word -> word.substring(0, WordList.PREFIX))
                .collect(Collectors.toSet());

        assertThat(prefixes).hasSize(1296);
    }

    @Test
    void anyTwoWordsDifferInThreeLetters() {
        List<String> words = WordList.published();
        Set<String> close = new TreeSet<>();
        for (int i = 0; i < words.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (distance(words.get(i), words.get(j)) < 3) {
                    close.add(words.get(i) + " " + words.get(j));
                }
            }
        }
        assertThat(close).isEmpty();
    }

    @Test
    void wordsWithAHyphenAreNotChosen() {
        assertThat(WordList.published()).filteredOn(word -> word.contains("-")).containsExactly("yo-yo");
        assertThat(WordList.english().size()).isEqualTo(1295);
        assertThat(WordList.english().find("yo-yo")).isNull();
        assertThat(WordList.english().find("yo-")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CODE,
                "Aardvark GOTHIC mozzarella symphony zucchini",
                "aar got moz sym zuc",
                "aardv.goth/mozza,symph;zucc",
                "  aardvark\tgothic\nmozzarella--symphony_zucchini\r\n",
                "1. aardvark 2. gothic 3. mozzarella 4. symphony 5. zucchini"
            })
    void isReadInAnyCaseWithAnythingBetweenAndCutShort(String typed) throws SecretException {
        assertThat(JoinCode.parse(typed).words()).isEqualTo(CODE);
    }

    @Test
    void eachWordIsReadWholeAndCutToThreeLetters() throws SecretException {
        for (int i = 0; i < WordList.english().size(); i++) {
            String word = WordList.english().word(i);
            for (int length = WordList.PREFIX; length <= word.length(); length++) {
                String text = (word.substring(0, length) + " ").repeat(5);
                assertThat(JoinCode.parse(text).words()).startsWith(word + "-" + word);
            }
        }
    }

    @Test
    void aWordThatIsNotOnTheListIsNamedByItsPlaceAlone() {
        assertThatThrownBy(() -> JoinCode.parse("aardvark gothic mozzarelly symphony zucchini"))
                .isInstanceOf(SecretException.class)
                .hasMessage("word 3 of the join code is not on the list of words: type it as the master shows it");
        assertThatThrownBy(() -> JoinCode.parse("aa gothic mozzarella symphony zucchini"))
                .hasMessageStartingWith("word 1 ");
        assertThatThrownBy(() -> JoinCode.parse("aardvarks gothic mozzarella symphony zucchini"))
                .hasMessageStartingWith("word 1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "aardvark", "aardvark gothic mozzarella symphony", CODE + " zebra"})
    void otherNumbersOfWordsAreRefused(String typed) {
        assertThatThrownBy(() -> JoinCode.parse(typed))
                .isInstanceOf(SecretException.class)
                .hasMessageStartingWith("expected the five words of a join code, found ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acid-acid-acid-acid-acid", "acid acid zebra gothic zebra"})
    void aWordThatComesAgainAndAgainMakesAWeakCode(String typed) throws SecretException {
        assertThat(JoinCode.parse(typed).isWeak()).isTrue();
        assertThat(JoinCode.parse("acid acid zebra gothic yodel").isWeak()).isFalse();
    }

    @Test
    void newCodesTakeEachWordOfTheList() throws SecretException {
        Random random = new Random(5);
        Set<String> words = new HashSet<>();
        for (int i = 0; i < 4000; i++) {
            JoinCode code = JoinCode.random(random::nextBytes);
            assertThat(JoinCode.parse(code.words())).isEqualTo(code);
            words.addAll(List.of(code.words().split("-")));
        }
        assertThat(words).hasSize(1295);
    }

    /** Numbers that are not within the list are drawn again: a remainder would make the first words more likely. */
    @Test
    void numbersBeyondTheListAreDrawnAgain() {
        Deque<Integer> drawn = new ArrayDeque<>(List.of(1295, 0, 2047, 1294, 1, 1, 1300, 2048 + 2, 3));
        JoinCode code = JoinCode.random(bytes -> {
            int number = drawn.remove();
            bytes[0] = (byte) (number >> 8);
            bytes[1] = (byte) number;
        });

        assertThat(code.words())
                .isEqualTo(List.of(0, 1294, 1, 1, 2).stream()
                        .map(WordList.english()::word)
                        .collect(Collectors.joining("-")));
        assertThat(drawn).containsExactly(3);
    }

    @Test
    void isNotPrinted() throws SecretException {
        assertThat(JoinCode.parse(CODE)).hasToString("hidden");
        assertThat(Secret.of(JoinCode.parse(CODE), Primitives.best().memoryHard()))
                .hasToString("hidden");
    }

    @Test
    void itsKeyIsTheOneThatPythonComputes() throws SecretException {
        for (Vector vector : Vector.of("schedule.txt")) {
            if (vector.bytes("code").length > 0) {
                JoinCode code = JoinCode.parse(new String(vector.bytes("code"), StandardCharsets.US_ASCII));
                assertThat(code.key(Primitives.best().memoryHard()).copy()).isEqualTo(vector.bytes("psk"));
            }
        }
    }

    /** Letters to change, add or remove. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
