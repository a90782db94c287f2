package org.imgblstr.protocol.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of the master are those of docs/protocol.md, section 6, each pair of states by itself. */
class MasterStateTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "protocol.md");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\|(.*)\\|");
    private static final Pattern NAME = Pattern.compile("`([A-Z_]+)`");

    @ParameterizedTest(name = "{0} -> {1}: {2}")
    @MethodSource("pairs")
    void anArrowIsThereOrAFault(MasterState from, MasterState to, boolean isDescribed) {
        if (isDescribed) {
            assertThat(from.become(to, "a test wants it")).isEqualTo(to);
        } else {
            assertThatThrownBy(() -> from.become(to, "a test wants it"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(from.name(), to.name(), "a test wants it");
        }
    }

    @Test
    void eachStateIsDescribed() throws IOException {
        assertThat(described()).containsOnlyKeys(MasterState.values());
    }

    static Stream<Arguments> pairs() throws IOException {
        Map<MasterState, Set<MasterState>> described = described();
        return Arrays.stream(MasterState.values()).flatMap(from -> Arrays.stream(MasterState.values())
                .map(to -> Arguments.of(
                        from, to, described.getOrDefault(from, Set.of()).contains(to))));
    }

    private static Map<MasterState, Set<MasterState>> described() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.startsWith("| master in |"))
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> ROW.matcher(line).results())
                .collect(Collectors.toMap(row -> MasterState.valueOf(row.group(1)), MasterStateTest::targets));
    }

    private static Set<MasterState> targets(MatchResult row) {
        return NAME.matcher(row.group(2))
                .results()
                .map(name -> MasterState.valueOf(name.group(1)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(MasterState.class)));
    }
}
