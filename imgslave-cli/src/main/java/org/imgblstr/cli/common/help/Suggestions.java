package org.imgblstr.cli.common.help;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What somebody may have meant who typed a word that is not known. */
final class Suggestions {
    private static final int MOST = 3;

    private Suggestions() {}

    /** {@code "; did you mean --wait?"}; "" when nothing is close. */
    static String question(String typed, Collection<String> known) {
        List<String> close = of(typed, known);
        return close.isEmpty() ? "" : "; did you mean " + String.join(" or ", close) + "?";
    }

    /** The known words that are closest, at most three: words that begin as {@code typed} does, else those with the fewest mistakes. */
    static List<String> of(String typed, Collection<String> known) {
        String word = bare(typed);
        if (word.length() < 2) {
            return List.of();
        }
        List<String> longer = alike(
                typed,
                known.stream()
                        .filter(candidate -> bare(candidate).startsWith(word))
                        .toList());
        if (!longer.isEmpty() && longer.size() <= MOST) {
            return longer;
        }
        int least = known.stream()
                .mapToInt(candidate -> mistakes(word, bare(candidate)))
                .min()
                .orElse(Integer.MAX_VALUE);
        return least > mostMistakes(word)
                ? List.of()
                : alike(
                        typed,
                        known.stream()
                                .filter(candidate -> mistakes(word, bare(candidate)) == least)
                                .limit(MOST)
                                .toList());
    }

    /** Sorted; only options for who typed an option and only words for who typed a word, where there are such. */
    private static List<String> alike(String typed, List<String> candidates) {
        List<String> same = candidates.stream()
                .filter(candidate -> candidate.startsWith("-") == typed.startsWith("-"))
                .toList();
        return (same.isEmpty() ? candidates : same).stream().sorted().toList();
    }

    /** A third of the letters may be wrong. */
    private static int mostMistakes(String word) {
        return Math.max(1, word.length() / 3);
    }

    private static String bare(String word) {
        return word.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
    }

    /** How many letters are wrong, missing, too many, or two in the wrong order (the distance of Damerau). */
    static int mistakes(String one, String other) {
        int[][] least = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                least[i][j] = i == 0 || j == 0 ? i + j : step(least, one, other, i, j);
            }
        }
        return least[one.length()][other.length()];
    }

    private static int step(int[][] least, String one, String other, int i, int j) {
        int wrong = least[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        int best = Math.min(wrong, 1 + Math.min(least[i - 1][j], least[i][j - 1]));
        boolean isSwapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return isSwapped ? Math.min(best, 1 + least[i - 2][j - 2]) : best;
    }
}
