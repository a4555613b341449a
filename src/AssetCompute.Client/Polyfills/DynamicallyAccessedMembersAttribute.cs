#if NETSTANDARD2_0
namespace System.Diagnostics.CodeAnalysis;

/// <summary>The attribute of .NET 10 for .NET Standard 2.0, where nothing reads it.</summary>
[AttributeUsage(AttributeTargets.GenericParameter)]
internal sealed class DynamicallyAccessedMembersAttribute(DynamicallyAccessedMemberTypes memberTypes) : Attribute
{
    public DynamicallyAccessedMemberTypes MemberTypes { get; } = memberTypes;
}

[Flags]
internal enum DynamicallyAccessedMemberTypes
{
    PublicConstructors = 3,
    PublicProperties = 512,
}
#endif
