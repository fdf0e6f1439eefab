package io.perennial.auth.authorization.page;

import io.perennial.auth.authorization.page.Page.HelpEntry;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The codes that Amazon shows on its consent pages instead of sending the merchant back. Amazon documents some of them;
 * the others were seen and reported.
 */
enum AmazonCode {
    SPDC8143(HelpTexts::notPrimaryUser, HelpTexts::askPrimaryUser),
    MD1000(HelpTexts::draft, HelpTexts::tellSupport),
    MD5100(HelpTexts::incomplete, HelpTexts::tellSupport),
    MD5101(HelpTexts::unknownAddress, HelpTexts::tellSupport),
    MD5110(HelpTexts::badAddress, HelpTexts::tellSupport),
    MD9100(HelpTexts::noAddress, HelpTexts::tellSupport),
    MD5200(HelpTexts::renewalTrouble, HelpTexts::tryLater),
    MD4010(HelpTexts::unexplained, HelpTexts::tryLater),
    MD9000(HelpTexts::unexplained, HelpTexts::tryLater),
    MD9999(HelpTexts::unexplained, HelpTexts::tryLater),
    SPSA0404(HelpTexts::unsupportedAccount, HelpTexts::checkAccount),
    SPSA2043(HelpTexts::vendorRole, HelpTexts::askVendorAdministrator),
    CONSENT_LIMIT_REACHED(HelpTexts::limitReached, HelpTexts::tellSupport);

    private final Function<HelpTexts, String> meaning;
    private final Function<HelpTexts, String> remedy;

    AmazonCode(Function<HelpTexts, String> meaning, Function<HelpTexts, String> remedy) {
        this.meaning = meaning;
        this.remedy = remedy;
    }

    static List<HelpEntry> explained(HelpTexts texts) {
        return Arrays.stream(values())
                .map(code ->
                        new HelpEntry(code.name(), code.name(), code.meaning.apply(texts), code.remedy.apply(texts)))
                .toList();
    }
}
