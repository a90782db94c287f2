package org.imgblstr.cli.common.grow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/** Which word is the partition of {@code --grow}, and which the disk. */
class GrowOptionTest {
    @Command(name = "slave")
    private static final class Slave {
        @Mixin
        private GrowOption grow;

        @SuppressWarnings("UnusedVariable") // it only has to be known
        @Option(names = "--yes")
        private boolean yes;

        @Parameters(arity = "0..1")
        private String device;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/dev/sda, , /dev/sda",
        "--grow /dev/sda, '', /dev/sda",
        "--grow --yes /dev/sda, '', /dev/sda",
        "--grow 2 /dev/sda, 2, /dev/sda",
        "--grow=2 /dev/sda, 2, /dev/sda",
        "--grow=a/b /dev/sda, a/b, /dev/sda",
        "--grow=-x /dev/sda, -x, /dev/sda",
        "/dev/sda --grow, '', /dev/sda",
        "/dev/sda --grow root, root, /dev/sda",
        "--grow pom.xml, '', pom.xml"
    })
    void whatNamesAFileIsTheDiskAndAnyOtherWordThePartition(String words, String part, String device) {
        Slave slave = new Slave();
        new CommandLine(slave).parseArgs(words.split(" ", -1));
        assertThat(slave.grow.part()).isEqualTo(part);
        assertThat(slave.device).isEqualTo(device);
    }

    @Test
    void aMistypedOptionIsNoPartition() {
        assertThatThrownBy(() -> new CommandLine(new Slave()).parseArgs("--grow", "--newids", "/dev/sda"))
                .isInstanceOf(UnmatchedArgumentException.class)
                .hasMessageContaining("'--newids'");
        assertThatThrownBy(() -> new CommandLine(new Slave()).parseArgs("--grow=", "/dev/sda"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--grow= names no partition");
    }
}
