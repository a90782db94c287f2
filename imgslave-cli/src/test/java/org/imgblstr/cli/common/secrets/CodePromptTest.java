package org.imgblstr.cli.common.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Interruption;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.common.program.Streams;
import org.imgblstr.cli.common.report.Sealing;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.sealing.primitive.Primitives;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CodePromptTest {
    private static final String WORDS = "acid-acrobat-actress-acetone-acquire";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Setting typed(String lines) {
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        BufferedReader in = lines == null ? null : new BufferedReader(new StringReader(lines));
        return new Setting(new Streams(to, to, in, false), new Interruption());
    }

    private static SecretOptions options(String... words) {
        return CommandLine.populateCommand(new SecretOptions("IMGSLAVE_CODE"), words);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void onlyWhoMayBeAskedIsAsked() {
        assertThat(new CodePrompt(options(), typed(""), true).mayAsk()).isTrue();
        assertThat(new CodePrompt(options("--code", WORDS), typed(""), true).mayAsk())
                .as("one that is wrong may be corrected")
                .isTrue();
        assertThat(new CodePrompt(options(), typed(""), false).mayAsk())
                .as("--yes")
                .isFalse();
        assertThat(new CodePrompt(options(), typed(null), true).mayAsk())
                .as("no terminal")
                .isFalse();
        assertThat(new CodePrompt(options("--open"), typed(""), true).mayAsk()).isFalse();
        assertThat(new CodePrompt(options("--key-file", "k"), typed(""), true).mayAsk())
                .isFalse();
    }

    @Test
    void threeCodesMayBeTriedAndMistypedWordsAreNoTries() throws IOException {
        assumeFalse(Primitives.best().form().equals("Java"), "join codes need libcrypto");
        SecretOptions secrets = options();
        CodePrompt prompt =
                new CodePrompt(secrets, typed("\nacid\nacid-acrobat-aktress\n" + (WORDS + "\n").repeat(3)), true);
        assertThat(prompt.seal()).isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(prompt.mayAsk()).isTrue();
            prompt.ask();
            assertThat(prompt.seal()).isNotNull();
        }
        assertThat(prompt.mayAsk()).isFalse();
        assertThat(secrets.sealing()).isEqualTo(Sealing.CODE);
        assertThat(said())
                .containsSubsequence(
                        "join code, five words (Ctrl-C ends): join code, five words",
                        "expected the five words of a join code, found 1",
                        "'aktress': word 3 of the join code is not on the list of words")
                .doesNotContain("acquire");
    }

    @Test
    void aTerminalThatClosesIsNoAnswer() {
        CodePrompt prompt = new CodePrompt(options(), typed("acid\n"), true);
        assertThatThrownBy(prompt::ask).isInstanceOfSatisfying(CliException.class, e -> assertThat(e.exitCode())
                .isEqualTo(ExitCode.REFUSED));
        assertThat(prompt.seal()).isNull();
    }
}
