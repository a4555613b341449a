using System.Runtime.ExceptionServices;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace AssetCompute.Emulator.Rendering;

/// <summary>The words of a PDF, page by page, in UTF-8.</summary>
internal static class PdfText
{
    /// <summary>The emulator reads the text into its own memory.</summary>
    private const long MaxBytes = 64 << 20;

    public static void Extract(string input, string output)
    {
        // PdfPig takes content that does not fit into the memory for broken, and goes on without it.
        var isOutOfMemory = false;
        void Watch(object? sender, FirstChanceExceptionEventArgs first) => isOutOfMemory |= first.Exception is OutOfMemoryException;
        AppDomain.CurrentDomain.FirstChanceException += Watch;
        try
        {
            Write(input, output);
        }
        catch (Exception exception) when (!isOutOfMemory && exception is not (IOException or RenderFailure))
        {
            // It throws exceptions of many kinds for files that break the format's rules.
            throw RenderFailure.SourceCorrupt($"The PDF cannot be read: {exception.Message}");
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Watch;
        }

        if (isOutOfMemory)
        {
            throw RenderFailure.OverLimits("its text does not fit into the memory.");
        }
    }

    private static void Write(string input, string output)
    {
        using var document = PdfDocument.Open(input);
        using var writer = new StreamWriter(output, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        foreach (var page in document.GetPages())
        {
            writer.WriteLine(ContentOrderTextExtractor.GetText(page));
            if (writer.BaseStream.Position > MaxBytes)
            {
                throw RenderFailure.OverLimits($"its text has more than {MaxBytes} bytes.");
            }
        }
    }
}
