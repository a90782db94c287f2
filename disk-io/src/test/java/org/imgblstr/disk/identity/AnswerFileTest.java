package org.imgblstr.disk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Answer files of a Windows, with the XML parser of Java as the judge. */
class AnswerFileTest {
    private static Document parsed(String text) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aNewFileNamesEveryProcessorInThePassSpecialize() throws Exception {
        Document file = parsed(AnswerFile.of("lab-07"));
        var names = file.getElementsByTagNameNS("urn:schemas-microsoft-com:unattend", "ComputerName");
        assertThat(names.getLength()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            Element component = (Element) names.item(i).getParentNode();
            assertThat(names.item(i).getTextContent()).isEqualTo("lab-07");
            assertThat(component.getAttribute("name")).isEqualTo("Microsoft-Windows-Shell-Setup");
            assertThat(component.getAttribute("publicKeyToken")).isEqualTo("31bf3856ad364e35");
            assertThat(component.getAttribute("processorArchitecture"))
                    .isEqualTo(new String[] {"amd64", "x86", "arm64"}[i]);
            assertThat(((Element) component.getParentNode()).getAttribute("pass"))
                    .isEqualTo("specialize");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ComputerName>*</ComputerName>",
                "<ComputerName/>",
                "<ComputerName />",
                "<ComputerName></ComputerName >",
                "<ComputerName\n wcm:x=\"1\">old name</ComputerName>"
            })
    void allElseStaysByteForByte(String element) {
        String before = "\u00EF\u00BB\u00BF<unattend><!-- <ComputerName>a</ComputerName> -->\r\n<a>$1\\</a>";
        String after = "<ComputerNames>x</ComputerNames>\u00C3\u00A4</unattend>";
        assertThat(AnswerFile.renamed(before + element + after + element, "pc1"))
                .contains(before + "<ComputerName>pc1</ComputerName>" + after + "<ComputerName>pc1</ComputerName>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<unattend/>",
                "<!-- <ComputerName>a</ComputerName> -->",
                "<ComputerName>a<b/></ComputerName>",
                "<ComputerName>a",
                "<\0C\0o\0m\0p"
            })
    void withoutAnElementForTheNameThereIsNoOtherFile(String text) {
        assertThat(AnswerFile.renamed(text, "pc1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lab-07, ''",
        "lab-07.example.org, ''",
        "a, ''",
        "abcdefghijklmno, ''",
        "7a, ''",
        "abcdefghijklmnop, has 16 characters",
        "0123, only digits",
        "a_b, other characters",
        "-a, other characters",
        "a&b, other characters",
        "'', other characters"
    })
    void aNameIsOneThatAWindowsTakes(String hostName, String why) {
        String unfit = AnswerFile.unfit(AnswerFile.computerName(hostName));
        assertThat(unfit).contains(why);
        assertThat(unfit.isEmpty()).isEqualTo(why.isEmpty());
    }
}
