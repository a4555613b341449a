using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace AssetCompute.Emulator.Rendering;

/// <summary>The words of a PDF, page by page, in UTF-8.</summary>
internal static class PdfText
{
    public static void Extract(string input, string output)
    {
        try
        {
            using var document = PdfDocument.Open(input);
            using var writer = new StreamWriter(output, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            foreach (var page in document.GetPages())
            {
                writer.WriteLine(ContentOrderTextExtractor.GetText(page));
            }
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or IOException))
        {
            // PdfPig throws exceptions of many kinds for files that break the format's rules.
            throw RenderFailure.SourceCorrupt($"The PDF cannot be read: {exception.Message}");
        }
    }
}
