package org.imgblstr.disk.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer file by which a Windows that sysprep has generalised learns its name at its first start: element ComputerName of component
 * Microsoft-Windows-Shell-Setup in the pass specialize. Source: docs/identity.md, section 9.
 */
public final class AnswerFile {
    /** What a Windows takes as its name. */
    public static final int MOST_CHARS = 15;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** A comment, which stays, or the element in one of its two forms. */
    private static final Pattern ELEMENT =
            Pattern.compile("(?s)<!--.*?-->|<ComputerName(?:\\s[^<>]*)?(?:/>|(?<!/)>[^<>]*</ComputerName\\s*>)");

    /** A Windows passes over components of other processors than its own. */
    private static final String[] PROCESSORS = {"amd64", "x86", "arm64"};

    private static final String FILE = """
            <?xml version="1.0" encoding="utf-8"?>
            <unattend xmlns="urn:schemas-microsoft-com:unattend">
              <settings pass="specialize">
            COMPONENTS  </settings>
            </unattend>
            """;

    private static final String COMPONENT = """
                <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="PROCESSOR" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
                  <ComputerName>NAME</ComputerName>
                </component>
            """;

    private AnswerFile() {}

    /** The part of a host name before its domain. */
    public static String computerName(String hostName) {
        int dot = hostName.indexOf('.');
        return dot < 0 ? hostName : hostName.substring(0, dot);
    }

    /** Why a Windows cannot have this name, a clause; "" when it can. */
    public static String unfit(String computerName) {
        if (computerName.length() > MOST_CHARS) {
            return "'" + computerName + "' has " + computerName.length() + " characters, and a Windows takes at most "
                    + MOST_CHARS;
        }
        if (!NAME.matcher(computerName).matches()) {
            return "'" + computerName + "' has other characters than letters, digits and hyphens between them";
        }
        return DIGITS.matcher(computerName).matches()
                ? "'" + computerName + "' has only digits, which a Windows refuses"
                : "";
    }

    /** A whole file that says no more than the name; one that is not {@link #unfit}. */
    public static String of(String computerName) {
        StringBuilder components = new StringBuilder();
        for (String processor : PROCESSORS) {
            components.append(COMPONENT.replace("PROCESSOR", processor).replace("NAME", computerName));
        }
        return FILE.replace("COMPONENTS", components).replace("\n", "\r\n");
    }

    /**
     * A file with another name in it. All else stays byte for byte.
     *
     * @param text of an answer file, a character for each byte
     * @return empty when it has no element for the name
     */
    public static Optional<String> renamed(String text, String computerName) {
        boolean isFound = false;
        StringBuilder renamed = new StringBuilder();
        Matcher element = ELEMENT.matcher(text);
        while (element.find()) {
            boolean isComment = element.group().startsWith("<!--");
            isFound |= !isComment;
            String with = isComment ? element.group() : "<ComputerName>" + computerName + "</ComputerName>";
            element.appendReplacement(renamed, Matcher.quoteReplacement(with));
        }
        return isFound ? Optional.of(element.appendTail(renamed).toString()) : Optional.empty();
    }
}
