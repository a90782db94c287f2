package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.imgblstr.cli.common.finish.ToolException;
import org.imgblstr.cli.common.program.CliException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --hostname}: patterns and lists. */
class HostNamesTest {
    private static final Machine MACHINE = new Machine(7, "Room 3_left", "52:54:00:ab:cd:0e", "WD-WX 12/3");

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "lab-{index:02}, lab-07",
        "{index}, 7",
        "pc{index:3}.lab.example.org, pc007.lab.example.org",
        "n{mac}, n525400abcd0e",
        "{serial}, WD-WX-12-3",
        "x-{label}-{index}, x-Room-3-left-7",
        "single, single"
    })
    void thePlacesOfAPatternAreFilled(String pattern, String name) throws ToolException {
        assertThat(HostNames.parse(pattern).of(MACHINE)).isEqualTo(name);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {
                "",
                "lab_{index}",
                "-lab",
                "lab-",
                "{index:0}",
                "{index:020}",
                "{number}",
                "{}",
                "lab{",
                "a..b",
                "a b",
                "lab}1",
                "toolongtoolongtoolongtoolongtoolongtoolongtoolongtoolongtoolongtoolong",
                "{index}/etc"
            })
    void whatCanBeNoHostNameIsAMistake(String pattern) {
        assertThatThrownBy(() -> HostNames.parse(pattern))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--hostname: ");
    }

    @Test
    void whatIsNotKnownMakesNoName() {
        Machine bare = new Machine(1, "a", "", "");
        assertThatThrownBy(() -> HostNames.parse("pc-{mac}").of(bare))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("{mac} is not known here");
        assertThatThrownBy(() -> HostNames.parse("{serial}").check(bare))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("no serial number");
        assertThatThrownBy(() -> HostNames.parse("{label}").of(new Machine(1, "x".repeat(64), "", "")))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("at most 63 characters between dots");
    }

    @ParameterizedTest(name = "[{index}] {1}")
    @CsvSource({
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl, at most 63 characters between dots",
        "abcdefghijklmnopqrstuvwxyzabcdefghijkl.mnopqrstuvwxyzabcdefghijklx, at most 64 characters",
        "'lab-{index', expected a '}' for each '{'",
        "lab_1, 'letters, digits, hyphens and dots'"
    })
    void theMessageNamesTheRuleThatWasBroken(String pattern, String rule) {
        assertThatThrownBy(() -> HostNames.parse(pattern))
                .isInstanceOf(CliException.class)
                .hasMessageContaining(rule.replace("''", "'"));
    }

    /** Whatever a label or serial number holds, the name is one that a machine can have, or there is none. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void aMadeNameIsAlwaysOne(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(70), 0, 0x180).forEach(each -> text.append((char) each));
            Machine machine = new Machine(random.nextInt(100_000), text.toString(), "", text.toString());
            for (String pattern : new String[] {"{label}", "a-{serial}", "{index:05}.{label}"}) {
                try {
                    assertThat(HostNames.parse(pattern).of(machine))
                            .matches("[A-Za-z0-9.-]{1,64}")
                            .doesNotContain("..");
                } catch (ToolException e) {
                    assertThat(e).hasMessageContaining("the host name cannot be made");
                }
            }
        }
    }

    @Test
    void aListNamesMachinesByHardwareAddressOrLabel(@TempDir Path folder) throws Exception {
        Path list = Files.writeString(folder.resolve("names"), """
                # the room
                52-54-00-AB-CD-0E = by-mac
                room 3_LEFT = by-label   # its label

                a=b = equals
                """);
        HostNames names = HostNames.parse("@" + list);
        assertThat(names.of(MACHINE)).isEqualTo("by-mac");
        assertThat(names.of(new Machine(1, "Room 3_left", "", ""))).isEqualTo("by-label");
        assertThat(names.of(new Machine(1, "A=B", "00:00:00:00:00:01", ""))).isEqualTo("equals");
        Machine stranger = new Machine(1, "other", "52:54:00:00:00:01", "");
        assertThatThrownBy(() -> names.of(stranger))
                .isInstanceOf(ToolException.class)
                .hasMessageContaining("has neither the label other nor the hardware address 52:54:00:00:00:01");
        assertThatThrownBy(() -> names.check(stranger)).isInstanceOf(CliException.class);
        names.check(MACHINE);
        names.check(new Machine(0, "other", "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "pc1, line 1: expected LABEL = NAME",
        "pc1 = , line 1: expected LABEL = NAME",
        "= pc1, line 1: expected LABEL = NAME",
        "pc1 = not_one, line 1: expected LABEL = NAME",
        "'a = b\nA = c', line 2: 'a' stands in an earlier line too"
    })
    void aMistakeInAListIsNamedWithItsLine(String text, String why, @TempDir Path folder) throws Exception {
        Path list = Files.writeString(folder.resolve("names"), text);
        assertThatThrownBy(() -> HostNames.parse("@" + list))
                .isInstanceOf(CliException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aListThatIsNotThereIsAMistake() {
        assertThatThrownBy(() -> HostNames.parse("@/nowhere/names"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("the list of names cannot be read");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/dev/zero", "/proc/self/exe"})
    void whatIsNoListIsReadToItsLimit(String file) {
        assertThatThrownBy(() -> HostNames.parse("@" + file))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--hostname: ")
                .hasMessageNotContaining("Input length");
    }

    @Test
    void aListOfAnyEditorIsRead(@TempDir Path folder) throws Exception {
        Path list = Files.writeString(folder.resolve("list"), "\uFEFFa = lab-1\r\nb = lab-2\r\n");
        assertThat(HostNames.parse("@" + list).of(new Machine(1, "a", "", ""))).isEqualTo("lab-1");
        Path other = Files.write(folder.resolve("other"), new byte[] {'a', '=', (byte) 0xE4});
        assertThatThrownBy(() -> HostNames.parse("@" + other))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is not in UTF-8");
    }
}
