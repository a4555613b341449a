using System.Runtime.ExceptionServices;
using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace AssetCompute.Emulator.Rendering;

/// <summary>The text of a PDF, page by page, in UTF-8.</summary>
internal static class PdfText
{
    /// <summary>The maximum size of the text, because the emulator reads it into memory.</summary>
    private const long MaxBytes = 64 << 20;

    public static void Extract(string input, string output)
    {
        // PdfPig treats content that doesn't fit into memory as corrupt, and continues without it.
        var isOutOfMemory = false;
        void Watch(object? sender, FirstChanceExceptionEventArgs first) => isOutOfMemory |= first.Exception is OutOfMemoryException;
        AppDomain.CurrentDomain.FirstChanceException += Watch;
        try
        {
            Write(input, output);
        }
        catch (Exception exception) when (!isOutOfMemory && exception is not (IOException or RenditionFailure))
        {
            // PdfPig throws exceptions of many types for invalid files.
            throw RenditionFailure.SourceCorrupt($"The PDF cannot be read: {exception.Message}");
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Watch;
        }

        if (isOutOfMemory)
        {
            throw RenditionFailure.OverLimits("its text does not fit into the memory.");
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
                throw RenditionFailure.OverLimits($"its text has more than {MaxBytes} bytes.");
            }
        }
    }
}
