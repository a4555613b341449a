using System.Text;
using System.Text.Json;

namespace AssetCompute.Client.Tests.Requests;

public class TextCacheTests
{
    [Theory]
    [InlineData("image/png")]
    [InlineData("a")]
    [InlineData("cq5dam.web.1280.1280.jpeg")]
    public void Get_TextThatCameBefore_GivesTheSameString(string text)
    {
        TextCache cache = new(16);

        string first = Get(cache, $"\"{text}\"");

        Assert.Equal(text, first);
        Assert.Same(first, Get(cache, $"\"{text}\""));
    }

    [Fact]
    public void Get_MoreTextsThanPlaces_IsAlwaysRight()
    {
        TextCache cache = new(4);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 500; i++)
            {
                // Same length, same beginning, same end: many of them share a place.
                string text = $"rendition-of-some-{i:000}-length.jpeg";
                Assert.Equal(text, Get(cache, $"\"{text}\""));
            }
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("Ãbcdefgh", "Ãbcdefgh")]
    [InlineData("a\\u0062cdefghi", "abcdefghi")]
    [InlineData("日本語の名前", "日本語の名前")]
    public void Get_TextThatIsNotPlain_IsRightEachTime(string json, string expected)
    {
        TextCache cache = new(1);

        Assert.Equal(expected, Get(cache, $"\"{json}\""));
        Assert.Equal(expected, Get(cache, $"\"{json}\""));
    }

    [Fact]
    public void Get_BytesThatLookLikeTheCharactersOfAnother_IsNotTakenForIt()
    {
        TextCache cache = new(1);
        Assert.Equal("Ã", Get(cache, "\"Ã\""));

        // The one byte of "Ã" as a character is no UTF-8.
        Assert.Throws<InvalidOperationException>(() => Get(cache, [(byte)'"', 0xC3, (byte)'"']));
    }

    [Fact]
    public void Get_TextTooLongToKeep_IsRight()
    {
        TextCache cache = new(1);
        string text = new('x', 100);

        Assert.Equal(text, Get(cache, $"\"{text}\""));
        Assert.NotSame(Get(cache, $"\"{text}\""), Get(cache, $"\"{text}\""));
    }

    private static string Get(TextCache cache, string json) => Get(cache, Encoding.UTF8.GetBytes(json));

    private static string Get(TextCache cache, byte[] json)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        return cache.Get(ref reader);
    }
}
