"""What rating does a home get next, given what is known of it, and does an intervention change that?"""
