package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /etc/hosts} of a machine that gets another name. */
class HostsFileTest {
    @Test
    void theNameIsReplacedWithAndWithoutADomain() {
        String hosts = """
                127.0.0.1\tlocalhost
                127.0.1.1\tgold.example.org\tgold # gold is the source
                ::1     localhost ip6-localhost GOLD
                10.0.0.5 gold-two mygold gold.other goldx
                # 10.0.0.6 gold
                """;
        assertThat(HostsFile.renamed(hosts, "gold", "lab-01")).isEqualTo("""
                127.0.0.1\tlocalhost
                127.0.1.1\tlab-01.example.org\tlab-01 # gold is the source
                ::1     localhost ip6-localhost lab-01
                10.0.0.5 gold-two mygold lab-01.other goldx
                # 10.0.0.6 gold
                """);
    }

    @ParameterizedTest(name = "{1} to {2} in {0}")
    @CsvSource({
        "10.0.0.5 gold.a.org gold, gold.a.org, pc1.b.org, 10.0.0.5 pc1.b.org pc1",
        "10.0.0.5 gold.a.org gold, gold, pc1.b.org, 10.0.0.5 pc1.a.org pc1.b.org",
        "127.0.0.1 localhost, localhost, pc1, 127.0.0.1 localhost",
        "127.0.0.1 localhost, localhost.localdomain, pc1, 127.0.0.1 localhost",
        "127.0.0.1 localhost, '', pc1, 127.0.0.1 localhost",
        "gold gold, gold, pc1, gold pc1",
        "10.0.0.5 a.c, a.c, $1, 10.0.0.5 $1",
        "10.0.0.5 axc, a.c, pc1, 10.0.0.5 axc"
    })
    void domainsStayAsTheLineSaysThem(String hosts, String before, String after, String renamed) {
        assertThat(HostsFile.renamed(hosts, before, after)).isEqualTo(renamed);
    }
}
