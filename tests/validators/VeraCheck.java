import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Validates one PDF: java -cp ... VeraCheck.java FLAVOUR FILE
 *
 * Prints a line for each broken rule: rule, how often, what it says, first place; tabs between.
 * Exit status: 0 the file conforms, 1 it does not, 2 there is no verdict.
 */
public class VeraCheck {

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset(); // the parser tells its findings twice
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
        try {
            ValidationResult result = validate(flavour, new File(arguments[1]));
            firstFailures(result).forEach((rule, failure) -> print(result, rule, failure));
            System.exit(result.isCompliant() ? 0 : 1);
        } catch (Exception error) {
            error.printStackTrace();
            System.exit(2);
        }
    }

    private static ValidationResult validate(PDFAFlavour flavour, File file) throws Exception {
        int keptFailures = -1; // all
        boolean logPassedChecks = false;
        boolean showErrorMessages = true;
        boolean showProgress = false;
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        try (PDFAParser parser = foundry.createParser(file, flavour);
                PDFAValidator validator = foundry.createValidator(
                        flavour, keptFailures, logPassedChecks, showErrorMessages, showProgress)) {
            ValidationResult result = validator.validate(parser);
            if (result.getTotalAssertions() == 0) {
                throw new IllegalStateException("no check was made");
            }
            return result;
        }
    }

    private static Map<RuleId, TestAssertion> firstFailures(ValidationResult result) {
        Map<RuleId, TestAssertion> failures = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                failures.putIfAbsent(assertion.getRuleId(), assertion);
            }
        }
        return failures;
    }

    private static void print(ValidationResult result, RuleId rule, TestAssertion failure) {
        String said = failure.getErrorMessage();
        System.out.println(String.join("\t",
                rule.getClause() + "-" + rule.getTestNumber(),
                String.valueOf(result.getFailedChecks().get(rule)),
                (said != null ? said : failure.getMessage()).replaceAll("\\s+", " "),
                failure.getLocation().getContext()));
    }
}
