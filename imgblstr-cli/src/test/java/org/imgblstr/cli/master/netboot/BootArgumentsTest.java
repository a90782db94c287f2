package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.imgblstr.cli.common.program.CliException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootArgumentsTest {
    @Test
    void eachBootLoaderGetsWordsWithBlanksInItsOwnQuotes() throws Exception {
        BootArguments arguments =
                BootArguments.parse(" imgslave.disk=\"model=Samsung SSD 870\"  quiet \"imgslave.label=room 3, left\" ");

        assertThat(arguments.words())
                .containsExactly("imgslave.disk=model=Samsung SSD 870", "quiet", "imgslave.label=room 3, left");
        assertThat(arguments.forIpxe())
                .isEqualTo("\"imgslave.disk=model=Samsung SSD 870\" quiet \"imgslave.label=room 3, left\"");
        assertThat(arguments.forGrub())
                .isEqualTo("'imgslave.disk=model=Samsung SSD 870' 'quiet' 'imgslave.label=room 3, left'");
    }

    @Test
    void keysForSshAndAPlaceForTheAccountGoToTheMachines() throws Exception {
        assertThat(BootArguments.parse(
                                "imgslave.sshkey=http://10.0.0.9:8000/authorized_keys imgslave.log=http://10.0.0.9:8000/logs/")
                        .words())
                .containsExactly(
                        "imgslave.sshkey=http://10.0.0.9:8000/authorized_keys",
                        "imgslave.log=http://10.0.0.9:8000/logs/");
    }

    @Test
    void aCodeOfTheListAndAHostNameAreTaken() throws Exception {
        assertThat(BootArguments.parse(
                                "imgslave.code=acid-acrobat-actress-acetone-acquire imgslave.hostname=lab-{index:02}")
                        .words())
                .containsExactly(
                        "imgslave.code=acid-acrobat-actress-acetone-acquire", "imgslave.hostname=lab-{index:02}");
        assertThat(BootArguments.parse("imgslave.code=\"ACI acr act ace acq\"").words())
                .containsExactly("imgslave.code=ACI acr act ace acq");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"imgslave.label=", "imgslave.label=\"\"", "imgslave.label=\""})
    void argumentsThatTheKernelCutsAreRefused(String start) throws Exception {
        assertThat(BootArguments.parse("x=" + "1".repeat(1400)).words()).hasSize(1);
        assertThatThrownBy(() -> BootArguments.parse(start + "1".repeat(100_000)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("at most 1500 characters");
    }

    @Test
    void manyQuotesAreNoDepth() throws Exception {
        assertThat(BootArguments.parse("x=" + "\"\"".repeat(740)).words()).containsExactly("x=");
    }

    @Test
    void noArgumentsAreArgumentsToo() throws Exception {
        assertThat(BootArguments.parse("").words()).isEmpty();
        assertThat(BootArguments.parse(" ").forGrub()).isEmpty();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "imgslave.dsk=only | imgslave.dsk is not known",
                "imgslave.disk | needs a value",
                "imgslave.disk=sda | expected only, /dev/NAME",
                "imgslave.then=Reboot | expected reboot, poweroff or shell",
                "imgslave.disk=only imgslave.disk=/dev/sda | given twice",
                "imgslave.newids=yes imgslave.grow= | imgslave.newids takes no value, found 'yes'; imgslave.grow needs a value",
                "imgslave.sshkey=/boot/authorized_keys | imgslave.sshkey: expected a URL that begins with http://",
                "imgslave.log=stick:LOGS | a terminal such as /dev/ttyS0, stick:LABEL/PATH or http://SERVER/PATH",
                "imgslave.log=http://host/a$b | would change the character '$'",
                "imgslave.disk=only imgslave.done=http://10.0.0.9/ | gives each machine its imgslave.done",
                "BOOTIF=01-52-54-00-12-34-56 | gives each machine its BOOTIF",
                "initrd=other | gives each machine its initrd",
                "imgslave.label=a$b | would change the character '$'",
                "imgslave.label=it's | would change the character '''",
                "a ## b | would change the character '#'",
                "imgslave.label=büro | would change the character 'ü'",
                "imgslave.disk=only imgslave.code=WORDS | imgslave.code=: word 1 of the join code is not on the list of words",
                "imgslave.code=acid-acrobat-actress-acetone | imgslave.code=: expected the five words of a join code, found 4",
                "imgslave.code=a | word 1 of the join code is not on the list",
                "imgslave.hostname=lab-{idx} | imgslave.hostname=: expected {index}, {index:02}, {mac}, {serial} or {label}, found '{idx}'",
                "imgslave.hostname=lab_1 | imgslave.hostname=: expected letters, digits, hyphens and dots",
                "imgslave.hostname=@names | there is no list of names here",
                "imgslave.disk=\"model=A | a double quote is not closed",
            })
    void whatTheLiveImageOrABootLoaderWouldNotUnderstandIsRefused(String text, String why) {
        assertThatThrownBy(() -> BootArguments.parse(text))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageStartingWith("--append: ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aLineEndIsRefused() {
        assertThatThrownBy(() -> BootArguments.parse("quiet\nboot")).hasMessageContaining("would change the character");
    }
}
