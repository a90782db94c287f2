package org.imgblstr.cli.master.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes through the socket of a session. */
class ControlRequestTest {
    @Test
    void aRequestComesBackFromItsLine() throws IOException {
        ControlRequest request = new ControlRequest("kick", "pc \"1\"\n", 400_000_000, true, true);
        assertThat(request.line()).doesNotContain("\n");
        assertThat(ControlRequest.parse(request.line())).isEqualTo(request);
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {
                "",
                "status",
                "[]",
                "{",
                "{\"command\"",
                "{\"command\":\"status\"",
                "{\"bits\":\"many\"}",
                "{\"bits\":99999999999999999999}",
                "{\"bits\":1.5}",
                "\u0000"
            })
    void whatIsNoRequestIsNull(String line) {
        assertThat(ControlRequest.parse(line)).isNull();
    }

    @Test
    void unknownFieldsArePassedOver() {
        assertThat(ControlRequest.parse("{\"new\":{\"a\":[1]},\"command\":\"pause\"}"))
                .isEqualTo(ControlRequest.of("pause"));
    }
}
