using AssetCompute.Client.Storage;

namespace AssetCompute.Client.Tests.Storage;

/// <summary>Each input format on Adobe's file formats page, by file extension.</summary>
public class FileMediaTypesTests
{
    [Theory]
    [InlineData("bmp gif jpeg jpg png rgb rgba sgi svg tif tiff webp", "image/")]
    [InlineData("3fr arw cr2 cr3 crw dcr dng erf fff gpr iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl srf srw x3f", "image/")]
    [InlineData("mp4 m4v mov qt avi divx mkv webm wmv mpg mpeg m2v m2t m2ts mts flv f4v ogv 3gp 3g2 asf", "video/")]
    [InlineData("aif m4a mp3 wav wma", "audio/")]
    [InlineData("ai eps", "application/postscript")]
    [InlineData("indd indt", "application/x-indesign")]
    [InlineData("psd psb", "image/vnd.adobe.photoshop")]
    [InlineData("odf odm odp ods odt", "application/vnd.oasis.opendocument.")]
    [InlineData("docx pptx xlsx", "application/vnd.openxmlformats-officedocument.")]
    [InlineData("pdf", "application/pdf")]
    [InlineData("xd", "application/vnd.adobe.sparkler.project+dcx")]
    [InlineData("epub", "application/epub+zip")]
    [InlineData("rtf", "application/rtf")]
    [InlineData("xml", "application/xml")]
    [InlineData("txt html", "text/")]
    [InlineData("mxf", "application/mxf")]
    [InlineData("swf", "application/x-shockwave-flash")]
    public void OfName_FormatThatTheServiceTakes_HasAType(string extensions, string beginning)
    {
        foreach (string extension in extensions.Split(' '))
        {
            Assert.StartsWith(beginning, FileMediaTypes.OfName($"a.b.{extension}"), StringComparison.Ordinal);
            Assert.Equal(FileMediaTypes.OfName($"a.{extension}"), FileMediaTypes.OfName($"A.{extension.ToUpperInvariant()}"));
        }
    }

    [Theory]
    [InlineData("a.unknown")]
    [InlineData("a")]
    [InlineData("a.")]
    [InlineData("jpg")]

    // Formats without a reliable media type.
    [InlineData("a.dn")]
    [InlineData("a.sbsar")]
    [InlineData("a.mfw")]
    public void OfName_NameThatSaysNothing_IsNull(string name) => Assert.Null(FileMediaTypes.OfName(name));
}
