package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "disks",
                "--upload disks",
                "--yes generate-completion",
                "-h",
                "--help",
                "-vh",
                "-- info a",
                "--rate auto"
            })
    void whateverMayNameACommandOrAskForHelpHasAllCommands(String line) {
        assertThat(Program.mayNameCommand(words(line))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload /images/a.img --disk /dev/sda",
                "--version",
                "--codec=zstd --yes --slaves 3",
                "/dev/sda --yes",
                "--hostname @names"
            })
    void optionsAndPathsNameNone(String line) {
        assertThat(Program.mayNameCommand(words(line))).isFalse();
    }

    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ");
    }
}
