package org.imgblstr.cli.common.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final String CODE = "acid-acrobat-actress-acetone-acquire";

    @Test
    void aCommandThatIsKeptHasNoJoinCode() {
        assertThat(Account.withoutCode(List.of("--code", CODE, "/dev/sdb")))
                .containsExactly("--code", "WORDS", "/dev/sdb");
        assertThat(Account.withoutCode(List.of("--quiet", "--code=" + CODE)))
                .containsExactly("--quiet", "--code=WORDS");
        assertThat(Account.withoutCode(List.of("--code", "new", "--code=new", "--code-file", "code")))
                .containsExactly("--code", "new", "--code=new", "--code-file", "code");
        assertThat(Account.withoutCode(List.of("--code"))).containsExactly("--code");
    }

    @Test
    void anAddressThatIsKeptHasNoPassword() {
        assertThat(Account.withoutPasswords("http://user:pass@host/x")).isEqualTo("http://user:***@host/x");
    }
}
