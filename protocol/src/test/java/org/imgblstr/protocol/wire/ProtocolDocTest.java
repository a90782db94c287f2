package org.imgblstr.protocol.wire;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imgblstr.protocol.master.MasterState;
import org.imgblstr.protocol.slave.SlaveState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/protocol.md says what the code does: commands, places of fields, numbers of results, states. */
class ProtocolDocTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "protocol.md");
    private static final Path SOURCES = Path.of("src/main/java/org/imgblstr/protocol/wire");
    private static final Pattern COMMAND = Pattern.compile("([A-Z][A-Za-z &]+) \\((\\d+)\\)");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| (.*) \\|");
    private static final Pattern CODE = Pattern.compile("(?:result|state): (.*)");
    private static final Pattern NUMBER = Pattern.compile("(?:^|, )(\\d+) ");
    private static final Pattern NAME = Pattern.compile("`([A-Z_]+)`");

    /** A field begins where the one before ends, so its constant is that of the one before and a length. */
    private static final Pattern CONSTANT = Pattern.compile("static final int ([A-Z_]+) = ([A-Z_]+)( \\+ [^;]+)?;");

    @Test
    void eachCommandHasItsHeading() throws IOException {
        List<String> described = new ArrayList<>();
        for (String heading : lines("### 3.", "## 4.")
                .filter(line -> line.startsWith("### 3."))
                .toList()) {
            COMMAND.matcher(heading)
                    .results()
                    .forEach(command -> described.add(command.group(2) + " "
                            + command.group(1).strip().replace("&", "and").replace(' ', '_')));
        }
        assertThat(described)
                .usingElementComparator(String::compareToIgnoreCase)
                .containsExactly(Arrays.stream(CommandType.values())
                        .map(command -> command.code() + " " + command)
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "## 2., CommandFlyweight, MAGIC",
        "### 3.1, DriveGeometryFlyweight, SESSION_ID",
        "### 3.2, RsvpFlyweight, NONCE",
        "### 3.3, ConfirmDownloadFlyweight, NONCE",
        "### 3.4, SectorDataFlyweight, TRACK",
        "### 3.5, SkipTrackFlyweight, RANGES",
        "### 3.6, ResendRequestFlyweight, SLAVE",
        "### 3.7, EndOfDataFlyweight, KIND",
        "### 3.8, DoneFlyweight, REASON",
        "### 3.9, DisconnectFlyweight, SLAVE",
        "### 3.10, DisconnectAcknowledgeFlyweight, SLAVE"
    })
    void fieldsAreWhereTheCodeHasThem(String section, String type, String firstField) throws Exception {
        Set<Integer> described = rows(section)
                .filter(row -> !row.group(3).equals("zero"))
                .map(row -> Integer.parseInt(row.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isNotEmpty().isEqualTo(offsets(type, firstField));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "## 2.",
                "### 3.1",
                "### 3.2",
                "### 3.3",
                "### 3.4",
                "### 3.5",
                "### 3.6",
                "### 3.7",
                "### 3.8",
                "### 3.9",
                "### 3.10"
            })
    void aFieldBeginsWhereTheOneBeforeEnds(String section) throws IOException {
        int end = section.equals("## 2.") ? 0 : CommandFlyweight.HEADER_BYTES;
        for (MatchResult row : rows(section).toList()) {
            assertThat(Integer.parseInt(row.group(1))).as(row.group()).isEqualTo(end);
            end += row.group(2).matches("\\d+") ? Integer.parseInt(row.group(2)) : 0;
        }
    }

    @Test
    void numbersOfStatesAndResultsAreThoseOfTheCode() throws IOException {
        assertThat(numbers("### 3.1"))
                .containsExactly(Arrays.stream(DriveGeometryFlyweight.State.values())
                        .map(DriveGeometryFlyweight.State::code)
                        .toArray(Integer[]::new));
        assertThat(numbers("### 3.3"))
                .containsExactly(Arrays.stream(ConfirmDownloadFlyweight.Result.values())
                        .map(ConfirmDownloadFlyweight.Result::code)
                        .toArray(Integer[]::new));
    }

    @Test
    void eachStateOfBothEnginesHasItsBoxes() throws IOException {
        assertThat(states("| FIG. 3, master"))
                .containsExactly(Arrays.stream(MasterState.values())
                        .filter(not(MasterState.OVER::equals))
                        .map(Enum::name)
                        .toArray(String[]::new));
        assertThat(states("| FIG. 4, slave"))
                .containsExactly(Arrays.stream(SlaveState.values())
                        .filter(not(SlaveState.OVER::equals))
                        .map(Enum::name)
                        .toArray(String[]::new));
    }

    /** From the line that begins so to the next heading of any level, or to the line that begins with {@code end}. */
    private static Stream<String> lines(String begin, String end) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.startsWith(begin))
                .takeWhile(line -> !line.startsWith(end));
    }

    private static Stream<String> section(String begin) throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.startsWith(begin + (begin.endsWith(".") ? "" : " ")))
                .skip(1)
                .takeWhile(line -> !line.startsWith("##"));
    }

    private static Stream<MatchResult> rows(String section) throws IOException {
        return section(section).flatMap(line -> ROW.matcher(line).results());
    }

    private static List<Integer> numbers(String section) throws IOException {
        String codes = rows(section)
                .flatMap(row -> CODE.matcher(row.group(3)).results())
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
        return NUMBER.matcher(codes)
                .results()
                .map(number -> Integer.valueOf(number.group(1)))
                .toList();
    }

    private static Set<String> states(String table) throws IOException {
        return lines(table, "##")
                .takeWhile(line -> line.startsWith("|"))
                .flatMap(line -> NAME.matcher(line).results())
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The values of the constants that follow from {@code first}; ZERO stands for bytes without a meaning. */
    private static Set<Integer> offsets(String type, String first) throws Exception {
        Class<?> flyweight = Class.forName(ProtocolDocTest.class.getPackageName() + "." + type);
        Set<String> names = new LinkedHashSet<>(List.of(first));
        for (MatchResult constant : CONSTANT.matcher(Files.readString(SOURCES.resolve(type + ".java")))
                .results()
                .toList()) {
            if (names.contains(constant.group(2)) && constant.group(3) != null) {
                names.add(constant.group(1));
            }
        }
        Set<Integer> offsets = new TreeSet<>();
        for (String name : names) {
            Field field = flyweight.getDeclaredField(name);
            field.setAccessible(true);
            boolean isField = !name.endsWith("_BYTES") || isFollowed(type, name);
            if (isField && !name.equals("ZERO")) {
                offsets.add(field.getInt(null));
            }
        }
        return offsets;
    }

    /** A length that nothing follows is that of the whole datagram or record. */
    private static boolean isFollowed(String type, String name) throws IOException {
        return Files.readString(SOURCES.resolve(type + ".java")).contains("= " + name + " + ");
    }
}
